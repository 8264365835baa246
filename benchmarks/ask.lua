-- For wrk: asks the questions of a file in turn (one a line, as the body of POST /v1/ask), waits as
-- long as a refusal's Retry-After says, and tells what came as one line of JSON.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  answered, refused, failed, pause = 0, 0, 0, 0
  bodies, at = {}, 0
  for line in io.lines(arguments[1]) do
    bodies[#bodies + 1] = wrk.format("POST", nil, {["Content-Type"] = "application/json"}, line)
  end
end

function request()
  at = at % #bodies + 1
  return bodies[at]
end

function response(status, headers)
  pause = 0
  if status == 200 then
    answered = answered + 1
  elseif status == 429 or status == 503 then
    refused = refused + 1
    pause = 1000 * (tonumber(headers["retry-after"] or headers["Retry-After"]) or 1)
  else
    failed = failed + 1
  end
end

function delay()
  return pause
end

function done(summary, latency)
  local sums = {answered = 0, refused = 0, failed = 0}
  for _, thread in ipairs(threads) do
    for name, sum in pairs(sums) do
      sums[name] = sum + thread:get(name)
    end
  end
  local errors = summary.errors
  sums.failed = sums.failed + errors.connect + errors.read + errors.write + errors.timeout
  -- A refusal comes at once: what took longest are the answers, so their share ends the list.
  local total = sums.answered + sums.refused
  local before = total > 0 and sums.refused / total or 0
  local function of_answers(share)
    return latency:percentile(100 * (before + share * (1 - before))) / 1000
  end
  io.write(string.format(
    '{"answered": %d, "refused": %d, "failed": %d, "seconds": %.3f, "p50": %.3f, "p99": %.3f, '
      .. '"fastest": %.3f}\n',
    sums.answered, sums.refused, sums.failed, summary.duration / 1e6, of_answers(0.5),
    of_answers(0.99), latency.min / 1000
  ))
end
