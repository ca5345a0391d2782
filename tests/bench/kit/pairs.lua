-- Makes things at the path of a file with POST and deletes each with DELETE, as soon as it is there.
-- wrk ... -- POST FILE BODY HEADER VALUE HEADER VALUE ...
local path, body, headers, made = nil, nil, {}, {}

function init(args)
  path = io.lines(args[2])()
  body = args[3]
  for n = 4, #args, 2 do headers[args[n]] = args[n + 1] end
end

function request()
  local id = table.remove(made)
  if id then return wrk.format("DELETE", path .. "/" .. id, headers) end
  return wrk.format("POST", path, headers, body)
end

function response(status, _, answer)
  local id = status == 200 and answer:match('"id":"([^"]+)"')
  if id then made[#made + 1] = id end
end

function done(summary, latency)
  local failed = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%f,"p50":%f,"p99":%f,"refused":%d,"failed":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, failed.status,
    failed.connect + failed.read + failed.write + failed.timeout))
end
