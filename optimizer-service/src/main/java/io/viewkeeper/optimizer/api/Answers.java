// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.api;

import io.quarkus.runtime.ShutdownEvent;
import io.viewkeeper.schema.service.admission.Workplace;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Where questions are answered. They take at most half of the connections, so that the loops and the inbox keep theirs, and
 * whoever asks has an answer or a refusal in the time that docs/http.md promises.
 */
@Singleton
class Answers {
    private static final Duration READING = Duration.ofSeconds(10);
    private static final Duration ANALYSING = Duration.ofSeconds(60);

    private final Workplace reading = Workplace.ofQuestions("questions", 4, 252, READING);
    /** One of the two sessions in which statements are explained is left to the looks. */
    private final Workplace analysing = Workplace.ofQuestions("analyses", 1, 3, ANALYSING);

    void stop(@Observes ShutdownEvent event) {
        reading.close();
        analysing.close();
    }

    /** What is read from our tables. */
    <T> T read(Workplace.Work<T, RuntimeException> work) {
        return reading.ask(work);
    }

    /** A statement, explained. */
    <T> T analyse(Workplace.Work<T, RuntimeException> work) {
        return analysing.ask(work);
    }
}
