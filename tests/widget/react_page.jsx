// A page of React that holds the widget: bundled by the test that opens it.
import { useEffect, useRef, useState } from "react";
import { createRoot } from "react-dom/client";
import { GroundedQA } from "../../src/groundedqa/server/widget/element.js";

customElements.define("grounded-qa", GroundedQA);

function Page() {
  const [shown, show] = useState(true);
  const [told, tell] = useState("");
  return (
    <>
      <button onClick={() => show(!shown)}>Toggle</button>
      <p id="told">{told}</p>
      {shown && <Search service="https://qa.example" onAnswer={tell} />}
    </>
  );
}

function Search({ service, onAnswer }) {
  const box = useRef(null);
  useEffect(() => {
    const told = ({ detail }) => onAnswer(`${detail.decision}: ${detail.question}`);
    const element = box.current;
    element.addEventListener("grounded-qa-answer", told);
    return () => element.removeEventListener("grounded-qa-answer", told);
  }, [onAnswer]);
  return <grounded-qa ref={box} src={service} label="Ask" />;
}

createRoot(document.querySelector("h1")).render(<Page />);
