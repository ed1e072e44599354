// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.database;

import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code timestamptz} columns and parameters as instants, in microseconds. */
public final class Instants {
    private Instants() {}

    /** The value of a column that is never null. */
    public static Instant of(Row row, String column) {
        return Objects.requireNonNull(orNull(row, column), column);
    }

    /** The value of a column that may be null. */
    public static @Nullable Instant orNull(Row row, String column) {
        OffsetDateTime value = row.getOffsetDateTime(column);
        return value == null ? null : value.toInstant();
    }

    /** As a bound parameter. */
    public static @Nullable OffsetDateTime parameter(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
