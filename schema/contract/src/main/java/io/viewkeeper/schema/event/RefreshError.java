// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.event;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong in a refresh.
 *
 * @param sqlState five characters; null where Viewkeeper refused by itself; {@code 08006} of a lost connection of which the server said nothing
 * @param message free of row data, at most {@value #MAX_MESSAGE_BYTES} bytes of UTF-8; longer ones are cut
 * @param retryable whether trying again, with nothing else changed, can help
 */
public record RefreshError(ErrorCategory category, @Nullable String sqlState, String message, boolean retryable) {
    public static final int MAX_MESSAGE_BYTES = 1024;
    /** ASCII: the database that keeps the message may have an encoding without an ellipsis. */
    private static final String CUT = "...";

    public RefreshError {
        message = cut(message);
    }

    private static String cut(String message) {
        if (message.getBytes(StandardCharsets.UTF_8).length <= MAX_MESSAGE_BYTES) {
            return message;
        }
        var kept = new StringBuilder();
        int bytes = CUT.length();
        for (int codePoint : message.codePoints().toArray()) {
            String character = Character.toString(codePoint);
            bytes += character.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_MESSAGE_BYTES) {
                break;
            }
            kept.append(character);
        }
        return kept.append(CUT).toString();
    }
}
