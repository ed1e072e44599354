// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.log;

import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why something failed, in words for people: what the exceptions of the clients say, and no names of classes. */
public final class Reason {
    private static final Pattern CLASS_NAME =
            Pattern.compile("(?:[\\w$]+\\.)*[A-Z][\\w$]*(?:Exception|Error|Throwable)(?::\\s*|\\b)");

    private Reason() {}

    /** In a few words, without a full stop. */
    public static String of(@Nullable Throwable failure) {
        String said = failure == null || failure.getMessage() == null
                ? ""
                : CLASS_NAME.matcher(failure.getMessage()).replaceAll("").strip();
        return switch (failure) {
            case UnknownHostException _ when !said.contains(" ") -> "the host " + said + " is not known";
            case NoSuchFileException _ -> "the file does not exist";
            case AccessDeniedException _ -> "this process may not read the file";
            case CharacterCodingException _ -> "it is no text in UTF-8";
            case ClosedChannelException _ when said.isEmpty() -> "the connection was closed";
            case TimeoutException _ when said.isEmpty() -> "no answer in time";
            case IOException _ when said.isEmpty() -> "the connection broke, or a file could not be read";
            case null, default -> said.isEmpty() ? "no reason was given" : said;
        };
    }

    /** Of the innermost cause: what lies around it is plumbing. */
    public static String ofInnermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return of(cause);
    }
}
