// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The codes that sample claims use: ICD-10-CM categories (CDC/NCHS and CMS, 2018), HCPCS Level II codes with relative
 * value units (CMS, 2017), and adjustment reason and taxonomy numbers with wording of our own. The AMA's CPT codes are
 * not among them.
 */
record CodeBook(
        List<String> diagnoses,
        List<Procedure> procedures,
        List<AdjustmentReason> adjustmentReasons,
        List<Taxonomy> taxonomies,
        List<PayerProfile> payers) {

    /** Relative value units are hundredths; null where CMS lists none for the office setting. */
    record Procedure(
            String code, long workHundredths, @Nullable Long practiceExpenseHundredths, long malpracticeHundredths) {
        double totalRvus() {
            long practiceExpense = practiceExpenseHundredths == null ? 0 : practiceExpenseHundredths;
            return (workHundredths + practiceExpense + malpracticeHundredths) / 100.0;
        }
    }

    record AdjustmentReason(String code, double weight) {}

    record Taxonomy(String code, double weight, String specialty) {}

    record PayerProfile(String code, double weight, String type, String name) {}

    static CodeBook load() {
        return new CodeBook(
                read("icd10cm.csv", 2, row -> row[0]),
                read(
                        "hcpcs.csv",
                        5,
                        row -> new Procedure(
                                row[0],
                                hundredths(row[1]),
                                row[2].isEmpty() ? null : hundredths(row[2]),
                                hundredths(row[3]))),
                read("adjustment-reasons.csv", 3, row -> new AdjustmentReason(row[0], Double.parseDouble(row[1]))),
                read("taxonomy.csv", 3, row -> new Taxonomy(row[0], Double.parseDouble(row[1]), row[2])),
                read("payers.csv", 4, row -> new PayerProfile(row[0], Double.parseDouble(row[1]), row[2], row[3])));
    }

    /** The last column is a description that may hold commas; the others hold none. */
    private static <T> List<T> read(String resource, int columns, Function<String[], T> row) {
        try (InputStream in = CodeBook.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(
                        "the resource " + resource + " is not beside " + CodeBook.class.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(line -> row.apply(line.split(",", columns)))
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException("reading the resource " + resource, failure);
        }
    }

    private static long hundredths(String number) {
        return new BigDecimal(number).movePointRight(2).longValueExact();
    }
}
