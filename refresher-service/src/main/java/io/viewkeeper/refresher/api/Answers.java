// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.api;

import io.quarkus.runtime.ShutdownEvent;
import io.viewkeeper.schema.service.admission.Workplace;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Where questions are answered and commands carried out. They take four connections at most, so that refreshes, the loop and
 * the outbox keep theirs, and whoever asks has an answer or a refusal in the time that docs/http.md promises.
 */
@Singleton
class Answers {
    private static final Duration READING = Duration.ofSeconds(10);
    /** A command waits up to five seconds for the rows of its views. */
    private static final Duration COMMANDING = Duration.ofSeconds(20);

    private final Workplace reading = Workplace.ofQuestions("questions", 2, 254, READING);
    private final Workplace commanding = Workplace.ofQuestions("commands", 2, 62, COMMANDING);

    void stop(@Observes ShutdownEvent event) {
        reading.close();
        commanding.close();
    }

    /** What is read from our tables. */
    <T> T read(Workplace.Work<T, RuntimeException> work) {
        return reading.ask(work);
    }

    /** What changes something: when it was not done in time it may still be done. */
    <T> T command(Workplace.Work<T, RuntimeException> work) {
        return commanding.ask(work);
    }
}
