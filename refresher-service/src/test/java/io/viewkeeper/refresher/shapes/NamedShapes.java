// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.shapes;

import java.util.List;
import java.util.stream.Stream;

/** Names that PostgreSQL allows. */
final class NamedShapes {
    private static final String PLAIN_ROWS = "select i from generate_series(1, 10) i";

    private static final List<String> ODD = List.of(
            "MixedCase",
            "mixedcase",
            "MIXEDCASE",
            "with space",
            " blank at both ends ",
            " ",
            "dot.ted",
            ".",
            "..",
            "quo\"te",
            "\"",
            "\"quoted\"",
            "'single'",
            "percent%s%n%d",
            "back\\slash\\n",
            "new\nline",
            "tab\tcarriage\rreturn",
            "semi;colon--",
            "/* comment */",
            "$1",
            "{braces}",
            "${expression}",
            "*",
            "?",
            "NULL",
            "123",
            "größe",
            "日本",
            "😀",
            "e\u0301 and \u00e9",
            "\u05e9\u05dc\u05d5\u05dd",
            "zero\u200bwidth",
            "x".repeat(63),
            "日".repeat(21),
            "select",
            "table",
            "user",
            "concurrently",
            "materialized");

    private NamedShapes() {}

    static Stream<Shape> all() {
        return Stream.concat(
                ODD.stream().map(name -> ordinary(Shape.NEVER, name)),
                Stream.of(
                        // Three pairs that are one when their parts are joined without care.
                        ordinary("a.b", "c"),
                        ordinary("a", "b.c"),
                        ordinary("Never", "mixedcase"),
                        ordinary("never ", "mixedcase"),
                        ordinary("\"a", "b\""),
                        ordinary("\"", "a.b"),
                        ordinary("select", "select")));
    }

    private static Shape ordinary(String schema, String name) {
        return Shape.named(schema, name).view(PLAIN_ROWS).unique("(i)").expect(Expected.concurrently());
    }
}
