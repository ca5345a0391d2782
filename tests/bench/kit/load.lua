-- Asks each path of a file once, in order and then again, and tells what came of it as JSON.
-- Where the body has a %d, that is a number which is another one each time.
-- wrk ... -- METHOD FILE BODY HEADER VALUE HEADER VALUE ...
local paths, headers, asked = {}, {}, 0
local method, body, key

function init(args)
  method = args[1]
  for line in io.lines(args[2]) do paths[#paths + 1] = line end
  body = args[3] ~= "" and args[3] or nil
  for n = 4, #args, 2 do headers[args[n]] = args[n + 1] end
  key = headers["idempotency-key"]
end

function request()
  asked = asked + 1
  if key then headers["idempotency-key"] = key .. asked end
  local sent = body and body:gsub("%%d", tostring(asked))
  return wrk.format(method, paths[(asked - 1) % #paths + 1], headers, sent)
end

function done(summary, latency)
  local failed = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%f,"p50":%f,"p99":%f,"refused":%d,"failed":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, failed.status,
    failed.connect + failed.read + failed.write + failed.timeout))
end
