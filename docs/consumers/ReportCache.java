///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DEPS org.apache.kafka:kafka-clients:4.1.1
//DEPS com.fasterxml.jackson.core:jackson-databind:2.21.2

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.*;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.*;

/**
 * Keeps a stamp for each materialized view: what was derived from the view is good while its stamp is the same.
 * <pre>jbang ReportCache.java BOOTSTRAP_SERVERS GROUP FILE [TOPIC_PREFIX]</pre>
 * Take the stamp from FILE before you query a view, and keep it with the result. Before you serve the result, look again:
 * another stamp, or null, says query anew. It would do as an ETag. One group for each FILE, for a group shares out the views.
 */
public class ReportCache {
    static final String FAILED = "io.viewkeeper.refresh-failed.v1";
    static final Map<String, String> TOPICS = Map.of(
            "io.viewkeeper.refresh-completed.v1", "refresh", FAILED, "refresh", "io.viewkeeper.view-state.v1", "view-state");
    static final ObjectMapper JSON = new ObjectMapper();

    static void apply(ObjectNode views, ConsumerRecord<String, byte[]> record) throws IOException {
        String type = header(record, "ce_type"), topic = TOPICS.get(type);
        if (topic == null) return; // of a later version
        String time = header(record, "ce_time"), id = header(record, "ce_id"), source = header(record, "ce_source");
        long sequence = Long.parseLong(header(record, "ce_sequence"));
        ObjectNode view = views.withObjectProperty(source + " " + Objects.requireNonNull(record.key(), "key"));
        view.putIfAbsent("dataAsOf", NullNode.instance);
        JsonNode seen = view.path(topic);
        boolean wentBack = sequence <= seen.path("sequence").asLong();
        if (wentBack && time.compareTo(seen.path("time").asText()) <= 0) return; // delivered before
        ObjectNode last = seen.isObject() ? seen.deepCopy() : JSON.createObjectNode().putNull("oid");
        last.put("sequence", sequence).put("time", Collections.max(List.of(time, seen.path("time").asText())));
        boolean differs;
        try {
            differs = topic.equals("refresh")
                    ? readRefresh(type, JSON.readTree(record.value()), last, seen)
                    : readState(record.value(), view, last, seen);
        } catch (IOException | RuntimeException unreadable) {
            differs = true; // what it told may be a change
        }
        // A lower number at a later time: the database was restored from a backup.
        if (differs || wentBack || !last.path("oid").equals(seen.path("oid"))) {
            last.put("stamp", id); // here is the place to delete what you derived from the view
        }
        view.set(topic, last);
        boolean gone = view.path("view-state").path("oid").isNull();
        view.put("stamp", gone ? null : view.at("/refresh/stamp").asText() + "/" + view.at("/view-state/stamp").asText());
    }

    static boolean readState(byte[] value, ObjectNode view, ObjectNode last, JsonNode seen) throws IOException {
        if (value == null) { // a tombstone: dropped, or it has another name now
            view.putNull("dataAsOf");
            last.putNull("oid").putNull("noticed");
            return true;
        }
        var state = JSON.readTree(value);
        last.set("oid", state.required("view").required("oid"));
        view.set("dataAsOf", state.required("dataAsOf")); // null: nobody knows how old it is
        last.put("noticed", state.path("changeNoticedAt").asText(null)); // somebody else refreshed it: no refresh event tells
        return last.path("noticed").isTextual() && !last.path("noticed").equals(seen.path("noticed"));
    }

    static boolean readRefresh(String type, JsonNode event, ObjectNode last, JsonNode seen) {
        last.set("oid", event.required("view").required("oid"));
        if (last.path("sequence").asLong() != seen.path("sequence").asLong() + 1) return true; // one in between is lost
        if (type.equals(FAILED)) return false; // the view shows what it showed before
        return !event.path("changed").equals(BooleanNode.FALSE) || !event.hasNonNull("previousDataAsOf");
    }

    static String header(ConsumerRecord<?, ?> record, String name) {
        var header = Objects.requireNonNull(record.headers().lastHeader(name), name);
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[2]), written = Path.of(args[2] + ".new");
        String prefix = args.length > 3 ? args[3] : "viewkeeper";
        var views = Files.exists(file) ? (ObjectNode) JSON.readTree(file.toFile()) : JSON.createObjectNode();
        Map<String, Object> settings = Map.of("bootstrap.servers", args[0], "group.id", args[1],
                "auto.offset.reset", "earliest", "enable.auto.commit", "false");
        var left = new CompletableFuture<Void>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                consumer.wakeup();
                left.join(); // the group, or else the next one waits until the broker gives up this one
            }));
            consumer.subscribe(List.of(prefix + ".refresh.v1", prefix + ".view-state.v1"));
            while (true) {
                var records = consumer.poll(Duration.ofSeconds(1));
                for (var record : records) {
                    try {
                        apply(views, record);
                    } catch (RuntimeException e) { // headers or key: nobody can tell of which view it is
                        System.err.printf("passed over %s-%d@%d: %s%n", record.topic(), record.partition(), record.offset(), e);
                    }
                }
                if (records.isEmpty()) continue;
                // The effect first, then the commit: what a crash leaves in between is read again, and skipped.
                JSON.writerWithDefaultPrettyPrinter().writeValue(written.toFile(), views);
                Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                consumer.commitSync();
            }
        } catch (WakeupException stopping) {
            // What was not committed is read again after the next start.
        } finally {
            left.complete(null);
        }
    }
}
