// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.statement;

import io.viewkeeper.optimizer.survey.Survey;
import io.viewkeeper.optimizer.survey.Surveyor;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.statement.Notice;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the database lets us see, a few seconds old at most, for whoever wants to say it. */
@Singleton
public class CurrentSurvey {
    private static final Duration OLDEST = Duration.ofSeconds(5);

    private final Surveyor surveyor;
    private @Nullable Survey last;
    private long asked;

    CurrentSurvey(Surveyor surveyor) {
        this.surveyor = surveyor;
    }

    /** One notice that says so when the database does not answer. */
    public synchronized List<Notice> notices() {
        var fresh = Optional.ofNullable(last).filter(_ -> System.nanoTime() - asked < OLDEST.toNanos());
        if (fresh.isPresent()) {
            return fresh.get().notices();
        }
        try {
            var survey = surveyor.survey();
            last = survey;
            asked = System.nanoTime();
            return survey.notices();
        } catch (DatabaseException refused) {
            last = null;
            return List.of(new Notice("database", "the database does not answer: " + refused.getMessage()));
        }
    }
}
