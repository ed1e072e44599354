// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A file's bytes as text that a tokenizer can take: decoded, without byte-order mark, and without the line breaks that
 * senders put after or into segments. A line break stays where the ISA declares it to be the segment terminator.
 */
final class FileText {

    private static final int ISA_LENGTH = 106;

    /** Where an ISA, whose elements have fixed lengths, has its element separators. */
    private static final int[] SEPARATORS = {3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103};

    private final String raw;
    private final StringBuilder text;
    private int position;
    private int segments;

    private FileText(String raw) {
        this.raw = raw;
        text = new StringBuilder(raw.length());
    }

    static String of(byte[] bytes) {
        var decoded = decoded(bytes);
        if (decoded.isBlank()) {
            throw new RejectedFileException(0, "the file is empty");
        }
        if (decoded.indexOf('\0') >= 0) {
            throw new RejectedFileException(0, "the file is binary, not X12 text");
        }
        return new FileText(withoutMarks(decoded)).joined();
    }

    /** X12 does not say which encoding the bytes have: UTF-8 if they can be that, else Latin 1, which any bytes can be. */
    private static String decoded(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    /** Without a byte-order mark in front and the end-of-file mark (Ctrl-Z) that some systems put behind. */
    private static String withoutMarks(String text) {
        var start = text.startsWith("\uFEFF") ? 1 : 0;
        var end = text.length();
        while (text.charAt(end - 1) == '\u001A') {
            end--;
        }
        return text.substring(start, end).stripLeading();
    }

    private String joined() {
        if (!raw.startsWith("ISA")) {
            throw new RejectedFileException(0, "the file does not begin with an ISA segment: not X12");
        }
        while (raw.startsWith("ISA", position)) {
            copyInterchange();
            skipWhitespace();
        }
        return text.append(raw, position, raw.length()).toString();
    }

    private void copyInterchange() {
        var header = header();
        var terminator = header.charAt(ISA_LENGTH - 1);
        var trailer = "IEA" + header.charAt(3);
        var segment = new StringBuilder();
        while (position < raw.length()) {
            var character = raw.charAt(position++);
            if (character == terminator) {
                var complete = segment.toString().stripLeading();
                append(complete, terminator);
                segment.setLength(0);
                if (complete.startsWith(trailer)) {
                    return;
                }
            } else if (!isLineBreak(character)) {
                segment.append(character);
            }
        }
        text.append(segment);
        if (isLineBreak(terminator)) {
            text.append(terminator); // Editors drop a last line break.
        }
    }

    private void append(String segment, char terminator) {
        if (segment.isEmpty() && isLineBreak(terminator)) {
            return; // An empty line, or the second half of a two-character line break.
        }
        segments++;
        text.append(segment).append(terminator);
    }

    /** The ISA as it stands, or, where lines were wrapped at a fixed width, without its line breaks. */
    private String header() {
        var end = Math.min(raw.length(), position + 2 * ISA_LENGTH);
        var asItStands = raw.substring(position, end);
        if (isHeader(asItStands)) {
            return asItStands.substring(0, ISA_LENGTH);
        }
        var unwrapped = asItStands.replace("\r", "").replace("\n", "");
        if (isHeader(unwrapped)) {
            return unwrapped.substring(0, ISA_LENGTH);
        }
        throw new RejectedFileException(
                segments + 1, "the ISA segment is cut short, or its elements do not have their fixed lengths");
    }

    private static boolean isHeader(String text) {
        if (text.length() < ISA_LENGTH) {
            return false;
        }
        for (var separator : SEPARATORS) {
            if (text.charAt(separator) != text.charAt(3)) {
                return false;
            }
        }
        return true;
    }

    private void skipWhitespace() {
        while (position < raw.length() && Character.isWhitespace(raw.charAt(position))) {
            position++;
        }
    }

    private static boolean isLineBreak(char character) {
        return character == '\n' || character == '\r';
    }
}
