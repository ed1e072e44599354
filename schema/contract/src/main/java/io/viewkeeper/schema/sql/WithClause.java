// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.sql;

import java.util.ArrayList;
import java.util.List;

/** What a WITH gives names to: a [(columns)] as [[not] materialized] (…), b as (…). */
record WithClause(List<SqlToken> tokens) {
    /** One query of it, at its opening parenthesis. */
    record Defined(String name, int body) {}

    /** @param first behind WITH and RECURSIVE */
    List<Defined> queries(int first) {
        var all = new ArrayList<Defined>();
        int i = first;
        while (true) {
            int body = body(i);
            if (body < 0) {
                return all;
            }
            all.add(new Defined(tokens.get(i).name(), body));
            i = behind(body);
            // SEARCH and CYCLE may follow, with commas of their own.
            while (i < tokens.size() && !(tokens.get(i).isPunctuation(",") && body(i + 1) >= 0)) {
                if (tokens.get(i).isPunctuation("(")
                        || RelationReader.STATEMENTS.contains(tokens.get(i).folded())) {
                    return all;
                }
                i++;
            }
            i++;
        }
    }

    /** Where the query begins that is given a name here; -1 if none is. */
    private int body(int index) {
        if (index >= tokens.size() || !tokens.get(index).isName()) {
            return -1;
        }
        int i = index + 1;
        if (i < tokens.size() && tokens.get(i).isPunctuation("(")) {
            i = behind(i);
        }
        if (i >= tokens.size() || !tokens.get(i).isWord("as")) {
            return -1;
        }
        i++;
        while (i < tokens.size()
                && (tokens.get(i).isWord("not") || tokens.get(i).isWord("materialized"))) {
            i++;
        }
        return i < tokens.size() && tokens.get(i).isPunctuation("(") ? i : -1;
    }

    /** Past the parenthesis that closes the one here. */
    private int behind(int open) {
        int depth = 0;
        for (int i = open; i < tokens.size(); i++) {
            if (tokens.get(i).isPunctuation("(")) {
                depth++;
            } else if (tokens.get(i).isPunctuation(")") && --depth == 0) {
                return i + 1;
            }
        }
        return tokens.size();
    }
}
