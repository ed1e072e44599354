// Keeps a stamp for each materialized view: what was derived from the view is good while its stamp is the same.
//
//   npm ci && node report-cache.mjs BOOTSTRAP_SERVERS GROUP FILE [TOPIC_PREFIX]
//
// Take the stamp from FILE before you query a view, and keep it with the result. Before you serve the result, look again:
// another stamp, or null, says query anew. It would do as an ETag. One group for each FILE, for a group shares out the views.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { Kafka as CloudEvents } from "cloudevents";
import { Kafka, logLevel } from "kafkajs";

const [COMPLETED, FAILED, STATE] = ["refresh-completed", "refresh-failed", "view-state"].map((kind) => `io.viewkeeper.${kind}.v1`);
const TOPICS = { [COMPLETED]: "refresh", [FAILED]: "refresh", [STATE]: "view-state" };
const UNSEEN = { sequence: 0, time: "", oid: null, noticed: null, stamp: "" };
const utf8 = new TextDecoder("utf-8", { fatal: true });

function apply(views, message) {
  const headers = Object.fromEntries(Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]));
  const topic = TOPICS[headers.ce_type];
  if (!topic) return; // of a later version, or no event at all
  const sequence = Number(headers.ce_sequence);
  const time = headers.ce_time; // as it is: the library would cut it to milliseconds
  if (!(Number.isSafeInteger(sequence) && time && headers.ce_id && headers.ce_source && message.key)) throw new Error("no key, or no header");
  const view = (views[`${headers.ce_source} ${message.key}`] ??= { dataAsOf: null });
  const seen = view[topic] ?? UNSEEN;
  if (sequence <= seen.sequence && time <= seen.time) return; // delivered before
  const last = (view[topic] = { ...seen, sequence, time: time > seen.time ? time : seen.time });
  let differs = false;
  try {
    if (topic === "view-state") readState(message.value && cloudEvent(message, headers).data, view, last);
    else differs = readRefresh(cloudEvent(message, headers), last, seen);
  } catch {
    differs = true; // unreadable: what it told may be a change
  }
  // A lower number at a later time: the database was restored from a backup.
  if (differs || last.oid !== seen.oid || sequence <= seen.sequence || (last.noticed !== null && last.noticed !== seen.noticed))
    last.stamp = headers.ce_id; // here is the place to delete what you derived from the view
  const gone = view["view-state"]?.oid === null;
  view.stamp = gone ? null : ["refresh", "view-state"].map((topic) => (view[topic] ?? UNSEEN).stamp).join("/");
}

// Throws where there is no value, which is why tombstones never come here, and where the value is no JSON.
function cloudEvent(message, headers) {
  return CloudEvents.toEvent({ headers, key: message.key, value: utf8.decode(message.value) });
}

function readState(state, view, last) {
  state ??= { view: { oid: null }, dataAsOf: null }; // no value, a tombstone: dropped, or it has another name now
  last.oid = state.view.oid;
  view.dataAsOf = state.dataAsOf; // null: nobody knows how old it is
  last.noticed = state.changeNoticedAt ?? null; // somebody else refreshed it: no refresh event tells that
}

function readRefresh({ type, data }, last, seen) {
  last.oid = data.view.oid;
  if (last.sequence !== seen.sequence + 1) return true; // one in between is lost
  if (type === FAILED) return false; // the view shows what it showed before
  return data.changed !== false || data.previousDataAsOf == null;
}

const [servers, group, file, prefix = "viewkeeper"] = process.argv.slice(2);
const views = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
const consumer = new Kafka({ brokers: servers.split(","), logLevel: logLevel.WARN }).consumer({ groupId: group });
process.once("SIGTERM", () => consumer.disconnect());
await consumer.connect();
await consumer.subscribe({ topics: [`${prefix}.refresh.v1`, `${prefix}.view-state.v1`], fromBeginning: true });
await consumer.run({
  eachBatch: async ({ batch }) => {
    for (const message of batch.messages) {
      try {
        apply(views, message);
      } catch (e) { // headers or key: nobody can tell of which view it is
        console.error(`passed over ${batch.topic}/${batch.partition}@${message.offset}: ${e.message}`);
      }
    }
    // The effect first; kafkajs commits after this. What a crash leaves in between is read again, and skipped.
    writeFileSync(`${file}.new`, JSON.stringify(views, null, 1));
    renameSync(`${file}.new`, file);
  },
});
