// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows in the text format of COPY, in one growing buffer. Texts must hold neither tab, line break nor backslash: codes
 * and names of the sample do not. Adds up a checksum that does not depend on the order of the rows and leaves times out.
 */
final class CopyText {
    private byte[] buffer = new byte[1 << 20];
    private int length;
    private boolean firstField = true;
    private long rowHash;
    private long checksum;

    CopyText number(@Nullable Long value) {
        return value == null ? nothing() : plain(Long.toString(value));
    }

    CopyText number(@Nullable Integer value) {
        return value == null ? nothing() : plain(Integer.toString(value));
    }

    CopyText text(@Nullable String value) {
        return value == null ? nothing() : plain(value);
    }

    CopyText bool(@Nullable Boolean value) {
        return value == null ? nothing() : plain(value ? "t" : "f");
    }

    /** A number with two decimals, given as hundredths: cents of an amount. */
    CopyText hundredths(@Nullable Long value) {
        if (value == null) {
            return nothing();
        }
        begin();
        int start = length;
        ascii(Long.toString(value / 100));
        buffer[length++] = '.';
        twoDigits((int) (value % 100));
        hash(start);
        return this;
    }

    CopyText date(LocalDate value) {
        begin();
        dateDigits(value);
        return this;
    }

    CopyText instant(@Nullable Instant value) {
        if (value == null) {
            begin();
            ascii("\\N");
            return this;
        }
        begin();
        LocalDateTime time = LocalDateTime.ofEpochSecond(value.getEpochSecond(), value.getNano(), ZoneOffset.UTC);
        dateDigits(time.toLocalDate());
        buffer[length++] = ' ';
        twoDigits(time.getHour());
        buffer[length++] = ':';
        twoDigits(time.getMinute());
        buffer[length++] = ':';
        twoDigits(time.getSecond());
        buffer[length++] = '.';
        int micros = value.getNano() / 1000;
        twoDigits(micros / 10_000);
        twoDigits(micros / 100 % 100);
        twoDigits(micros % 100);
        ascii("+00");
        return this;
    }

    void endRow() {
        buffer[length++] = '\n';
        firstField = true;
        checksum += rowHash * 0x9E3779B97F4A7C15L;
        rowHash = 0;
    }

    /** Sends the rows, in one COPY; nothing of it stays when it fails. */
    void copyTo(Connection connection, String copySql) throws SQLException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copySql);
        try {
            copy.writeToCopy(buffer, 0, length);
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    long checksum() {
        return checksum;
    }

    private CopyText nothing() {
        return plain("\\N");
    }

    private CopyText plain(String value) {
        begin();
        int start = length;
        ascii(value);
        hash(start);
        return this;
    }

    /** Room for the separator and for any field that the sample has. */
    private void begin() {
        if (buffer.length - length < 512) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        if (!firstField) {
            buffer[length++] = '\t';
        }
        firstField = false;
    }

    private void ascii(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, buffer, length, bytes.length);
        length += bytes.length;
    }

    private void dateDigits(LocalDate value) {
        twoDigits(value.getYear() / 100);
        twoDigits(value.getYear() % 100);
        buffer[length++] = '-';
        twoDigits(value.getMonthValue());
        buffer[length++] = '-';
        twoDigits(value.getDayOfMonth());
    }

    private void twoDigits(int value) {
        buffer[length++] = (byte) ('0' + value / 10);
        buffer[length++] = (byte) ('0' + value % 10);
    }

    /** FNV-1a over the field just written, the tab that ends it included. */
    private void hash(int start) {
        long hash = rowHash;
        for (int i = start; i < length; i++) {
            hash = (hash ^ buffer[i]) * 0x100000001B3L;
        }
        rowHash = (hash ^ '\t') * 0x100000001B3L;
    }
}
