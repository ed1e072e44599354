// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.codec;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Timestamps as events spell them: RFC 3339, UTC, always six digits of a second, PostgreSQL's own precision. */
public final class Timestamps {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Timestamps() {}

    /** For example {@code 2026-11-22T09:05:00.000123Z}; finer digits are cut. */
    public static String format(Instant instant) {
        return FORMAT.format(instant);
    }

    static @Nullable String formatOrNull(@Nullable Instant instant) {
        return instant == null ? null : format(instant);
    }
}
