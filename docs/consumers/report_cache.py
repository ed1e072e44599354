#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keeps a stamp for each materialized view: what was derived from the view is good while its stamp is the same.

    report_cache.py BOOTSTRAP_SERVERS GROUP FILE [TOPIC_PREFIX]      (Debian: apt install python3-confluent-kafka)

Take the stamp from FILE before you query a view, and keep it with the result. Before you serve the result, look again:
another stamp, or null, says query anew. It would do as an ETag. One group for each FILE, for a group shares out the views.
"""
import json
import os
import signal
import sys

from confluent_kafka import Consumer

COMPLETED, FAILED, STATE = (f"io.viewkeeper.{kind}.v1" for kind in ("refresh-completed", "refresh-failed", "view-state"))
TOPICS = {COMPLETED: "refresh", FAILED: "refresh", STATE: "view-state"}
UNSEEN = {"sequence": 0, "time": "", "oid": None, "noticed": None, "stamp": ""}


def apply(views, record):
    headers = {name: value.decode(errors="replace") for name, value in record.headers() or [] if value is not None}
    kind = headers.get("ce_type")
    if kind not in TOPICS:
        return  # of a later version, or no event at all
    sequence, time, ce_id = int(headers["ce_sequence"]), headers["ce_time"], headers["ce_id"]
    key = headers["ce_source"] + " " + record.key().decode(errors="replace")
    view = views.setdefault(key, {"dataAsOf": None})
    seen = view.get(TOPICS[kind], UNSEEN)
    if sequence <= seen["sequence"] and time <= seen["time"]:
        return  # delivered before
    last = view[TOPICS[kind]] = dict(seen, sequence=sequence, time=max(time, seen["time"]))
    try:
        differs = read_state(record.value(), view, last) if kind == STATE else read_refresh(kind, record.value(), last, seen)
    except (ValueError, TypeError, KeyError):
        differs = True  # unreadable: what it told may be a change
    # A lower number at a later time: the database was restored from a backup.
    if differs or last["oid"] != seen["oid"] or sequence <= seen["sequence"] or last["noticed"] not in (None, seen["noticed"]):
        last["stamp"] = ce_id  # here is the place to delete what you derived from the view
    gone = view.get("view-state", {"oid": ""})["oid"] is None
    view["stamp"] = None if gone else "/".join(view.get(topic, UNSEEN)["stamp"] for topic in ("refresh", "view-state"))


def read_state(value, view, last):
    state = {"view": {"oid": None}, "dataAsOf": None}  # no value, a tombstone: dropped, or it has another name now
    if value is not None:
        state = json.loads(value)
    last["oid"], view["dataAsOf"] = state["view"]["oid"], state["dataAsOf"]  # dataAsOf null: nobody knows how old it is
    last["noticed"] = state.get("changeNoticedAt")  # somebody else refreshed it: no refresh event tells that
    return False


def read_refresh(kind, value, last, seen):
    event = json.loads(value)
    last["oid"] = event["view"]["oid"]
    if last["sequence"] != seen["sequence"] + 1:
        return True  # one in between is lost
    if kind == FAILED:
        return False  # the view shows what it showed before
    return event.get("changed") is not False or event.get("previousDataAsOf") is None


def main(servers, group, file, prefix="viewkeeper"):
    views = json.load(open(file)) if os.path.exists(file) else {}
    consumer = Consumer({"bootstrap.servers": servers, "group.id": group, "auto.offset.reset": "earliest",
                         "enable.auto.commit": False})
    consumer.subscribe([prefix + ".refresh.v1", prefix + ".view-state.v1"])
    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
    while not stop:
        records = [record for record in consumer.consume(500, timeout=1.0) if not record.error()]
        for record in records:
            try:
                apply(views, record)
            except (ValueError, KeyError, AttributeError) as e:  # headers or key: nobody can tell of which view it is
                print(f"passed over {record.topic()}/{record.partition()}@{record.offset()}: {e!r}", file=sys.stderr)
        if records:  # the effect first, then the commit: what a crash leaves in between is read again, and skipped
            with open(file + ".new", "w") as new:
                json.dump(views, new, indent=1)
            os.replace(file + ".new", file)
            consumer.commit(asynchronous=False)
    consumer.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
