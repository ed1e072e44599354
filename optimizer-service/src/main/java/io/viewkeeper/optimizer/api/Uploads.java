// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.api;

import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a client sent, as a text. */
final class Uploads {
    /** A form's field, or a value alone, of which a bracket or a blank is encoded. */
    private static final Pattern ENCODED =
            Pattern.compile("(?:[A-Za-z_]{1,40}=)?(?:%[0-9A-Fa-f]{2}|[A-Za-z]+[+%])[^ \\n]*\\s*");

    private Uploads() {}

    /** Of UTF-8 or, with its mark, of UTF-16, as a shell of Windows writes files. */
    static String text(byte @Nullable [] body) {
        if (body == null) {
            return "";
        }
        String text = new String(body, charset(body));
        return ENCODED.matcher(text).matches() ? decoded(text) : text;
    }

    private static Charset charset(byte[] body) {
        if (body.length > 1 && body[0] == (byte) 0xff && body[1] == (byte) 0xfe) {
            return StandardCharsets.UTF_16;
        }
        boolean large = body.length > 1 && body[0] == (byte) 0xfe && body[1] == (byte) 0xff;
        return large ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
    }

    private static String decoded(String text) {
        int value = text.indexOf('=') + 1;
        try {
            return URLDecoder.decode(text.substring(value), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }
}
