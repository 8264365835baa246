"""Questions as students type them, in meanings that lie near each other: what gaps are told by."""

from __future__ import annotations

MEANINGS: dict[str, tuple[str, ...]] = {
    "mitosis": (
        "what happens in each phase of mitosis",
        "stages of mitosis in order",
        "Can you explain the steps of mitotic cell division?",
        "mitosis phases explained simply",
    ),
    "mitosis against meiosis": (
        "difference between mitosis and meiosis",
        "How does meiosis differ from mitosis?",
        "mitosis vs meiosis whats the difference",
        "compare meiosis with mitosis",
    ),
    "enzymes": (
        "why do enzymes stop working when it gets hot",
        "How does temperature affect enzyme activity?",
        "what does heat do to an enzyme",
        "effect of high temperature on enzymes",
    ),
    "osmosis": (
        "what is osmosis",
        "definition of osmosis",
        "explain osmosis in simple words",
        "how does water move through a membrane by osmosis?",
    ),
    "Lady Macbeth": (
        "why does lady macbeth go mad",
        "What causes Lady Macbeth's guilt and sleepwalking?",
        "lady macbeth madness reasons",
        "How does guilt destroy Lady Macbeth?",
    ),
    "the witches": (
        "what do the witches tell macbeth",
        "What are the three prophecies in Macbeth?",
        "macbeth witches predictions",
        "the weird sisters' prophecy to Macbeth",
    ),
    "green light": (
        "what does the green light mean in gatsby",
        "symbolism of the green light in The Great Gatsby",
        "Why does Gatsby stare at the green light?",
        "great gatsby green light symbol meaning",
    ),
    "Versailles": (
        "why were the germans angry about the treaty of versailles",
        "How did Germany react to the Treaty of Versailles?",
        "treaty of versailles effects on germany",
        "what did the Versailles treaty do to Germany",
    ),
    "the first war's causes": (
        "causes of world war 1",
        "why did ww1 start",
        "What were the main reasons for the First World War?",
        "what led to the outbreak of war in 1914",
    ),
    "moles": (
        "how do i calculate the number of moles from mass",
        "grams to moles conversion",
        "formula for moles from mass and molar mass",
        "How many moles are in 10 grams of a substance?",
    ),
    "balancing": (
        "how to balance chemical equations",
        "balancing equations step by step",
        "Why must a chemical equation be balanced, and how do I do it?",
        "trick for balancing chemical reactions",
    ),
    "quadratics": (
        "how do you solve a quadratic equation",
        "quadratic formula how to use",
        "solving quadratics by the formula",
        "What is the quadratic formula and when do I use it?",
    ),
    "derivatives": (
        "derivative of sin x",
        "How do I differentiate sine?",
        "why is the derivative of sin cos",
        "differentiate sin(x) proof",
    ),
    "supply and demand": (
        "what happens to price when demand goes up",
        "How does an increase in demand affect price?",
        "higher demand effect on the equilibrium price",
        "why do prices rise when demand rises",
    ),
    "tectonics": (
        "why do earthquakes happen at plate boundaries",
        "How do plate tectonics cause earthquakes?",
        "what makes the ground shake in an earthquake",
        "earthquakes and tectonic plates explained",
    ),
}
