// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import io.xlate.edi.stream.EDIInputFactory;
import io.xlate.edi.stream.EDIStreamEvent;
import io.xlate.edi.stream.EDIStreamException;
import io.xlate.edi.stream.EDIStreamReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a text apart into segments, by the separators that each interchange's ISA declares. StAEDI does the
 * tokenizing; its validation of envelopes stays off, because it reports trouble beside the data and we refuse the file.
 */
final class SegmentReader implements AutoCloseable {

    /** StAEDI's code for an input that ends before its interchange does. */
    private static final String UNEXPECTED_END = "EDIE005";

    private final EDIStreamReader reader;
    private final List<List<String>> elements = new ArrayList<>();
    private int count;
    private String lastId = "";
    private boolean truncated;

    SegmentReader(String text) {
        var factory = EDIInputFactory.newFactory();
        factory.setProperty(EDIInputFactory.EDI_VALIDATE_CONTROL_STRUCTURE, false);
        factory.setProperty(EDIInputFactory.EDI_IGNORE_EXTRANEOUS_CHARACTERS, true);
        try {
            reader = factory.createEDIStreamReader(
                    new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8.name());
        } catch (EDIStreamException e) {
            throw new IllegalStateException("Every Java platform has UTF-8", e);
        }
    }

    /** The next segment, or null at the end of the text, be it the right end or not. */
    @Nullable
    Segment next() {
        try {
            while (reader.hasNext()) {
                var complete = accept(reader.next());
                if (complete != null) {
                    return complete;
                }
            }
            return null;
        } catch (EDIStreamException e) {
            if (String.valueOf(e.getMessage()).startsWith(UNEXPECTED_END)) {
                truncated = true;
                return null;
            }
            throw new RejectedFileException(count + 1, "not a well-formed segment, " + where());
        }
    }

    /** Whether the text ended where a segment, or the rest of an interchange, had to follow. */
    boolean truncated() {
        return truncated;
    }

    /** How many segments were begun so far; the last of them may be incomplete. */
    int count() {
        return count;
    }

    String where() {
        return count == 0 ? "at the beginning" : "after segment " + count + " (" + lastId + ")";
    }

    private @Nullable Segment accept(EDIStreamEvent event) throws EDIStreamException {
        return switch (event) {
            case START_SEGMENT -> {
                count++;
                lastId = reader.getText();
                elements.clear();
                yield null;
            }
            case ELEMENT_DATA -> {
                collect(reader.getText());
                yield null;
            }
            case END_SEGMENT -> new Segment(count, lastId, elements);
            default -> null;
        };
    }

    /** Of a repeated element the first occurrence is kept: nothing of what we read may repeat. */
    private void collect(String text) {
        var location = reader.getLocation();
        if (location.getElementOccurrence() > 1) {
            return;
        }
        while (elements.size() < location.getElementPosition()) {
            elements.add(new ArrayList<>());
        }
        var components = elements.getLast();
        while (components.size() < location.getComponentPosition() - 1) {
            components.add("");
        }
        components.add(text);
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
