/** Asks when 2 pumps can be there: `node dist/example.js [ADDRESS]`. */
import { amount, Client } from "./node.js";

const client = new Client(process.argv[2]);
const lines = [{ order: "EX-1", item: "PUMP", quantity: 2, requestedDate: "2026-11-26", customer: "NORDWIND" }];
const answer = await client.promises.checkAvailability({ lines });
for (const leg of answer.results[0].defaultOption?.legs ?? []) {
  console.log(`${amount(leg.quantity)} from ${leg.location} ship on ${leg.shipDate}`);
}
process.exit(0);
