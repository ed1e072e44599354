package io.viewkeeper.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class KafkaWatchTest {
    private final List<String> said = new ArrayList<>();
    private final AtomicBoolean connected = new AtomicBoolean();
    private final KafkaWatch watch = new KafkaWatch(connected::get);

    @Test
    void anOutageIsOneLineWhenItBeginsAndOneWhenItEnds() {
        var log = Logger.getLogger(KafkaWatch.class.getName());
        var listener = new Listener();
        log.addHandler(listener);
        try {
            look(4, false);
            look(1, true);
            assertThat(said).as("a short one").isEmpty();
            look(50, false);
            look(5, true);
        } finally {
            log.removeHandler(listener);
        }
        assertThat(said).hasSize(2);
        assertThat(said.getFirst()).startsWith("kafka=degraded");
        assertThat(said.getLast()).isEqualTo("kafka=recovered");
    }

    private void look(int times, boolean isConnected) {
        connected.set(isConnected);
        for (int i = 0; i < times; i++) {
            watch.look();
        }
    }

    private final class Listener extends Handler {
        @Override
        public void publish(LogRecord line) {
            said.add(line.getMessage());
        }

        @Override
        public void flush() {
            // Nothing is kept.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
