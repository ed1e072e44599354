// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import static io.viewkeeper.sandbox.claims.x12.SampleFile.plain;
import static io.viewkeeper.sandbox.claims.x12.SampleFile.read;
import static io.viewkeeper.sandbox.claims.x12.SampleFile.rejection;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RejectedFileTest {

    private static final String DAMAGE = "*:~^\n A0.-\u0001\u00e9";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "control-number-mismatch.837 | 32 | control number IEA02 differs from ISA13 at segment 1",
                "dangling-pointer.837        | 28 | SV107 points to diagnosis 4, the claim has 3 (HI)",
                "eligibility-inquiry.edi     |  2 | GS01 is not HC: the functional group holds no health care claims",
                "empty.837                   |  0 | the file is empty",
                "institutional.837           |  2 | GS08 names 837I (005010X223, institutional claims), not 837P (005010X222)",
                "miscounted-segments.837     | 30 | SE01 says 27, there are 28 segments from ST to SE",
                "not-edi.txt                 |  0 | the file does not begin with an ISA segment: not X12",
                "truncated.837               | 20 | the file ends here, without the SE of the transaction set begun at segment 3: truncated",
                "unbalanced.837              | 22 | CLM02 is 187.05, the charges of its 2 lines (SV102) sum to 187.50",
            })
    void rejectsASampleFileAtASegmentForAReason(String file, int segment, String reason) {
        var outcome = ClaimFileReader.read(SampleFile.bytes(SampleFile.REJECTED.resolve(file)));

        assertThat(rejection(outcome)).isEqualTo(new Rejection(segment, reason));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SE*28*0001         | SE*28*0002         | 30 | control number SE02 differs from ST02 at segment 3",
                "SE*28*             | SE*many*           | 30 | SE01 is not a count",
                "GE*1*1             | GE*2*1             | 31 | GE01 says 2, there are 1 transaction sets",
                "GE*1*1             | GE*1*7             | 31 | control number GE02 differs from GS06 at segment 2",
                "IEA*1*             | IEA*0*             | 32 | IEA01 says 0, there are 1 functional groups",
                "ST*837*            | ST*835*            |  3 | ST01 is not 837: the transaction set is not a claim",
                "0001*005010X222A1  | 0001*005010X224A2  |  3 | ST03 names 837D (005010X224, dental claims), not 837P (005010X222)",
                "X*005010X222A1     | X*004010X098A1     |  2 | GS08 names a guide of version 4010, not 837P (005010X222)",
                "X*005010X222A1     | X                  |  2 | GS08 is missing",
                "HL*2*1*22*0        | HL*2*7*22*0        | 14 | HL02 does not name the enclosing level",
                "HL*2*1*22*0        | HL*2*1*19*0        | 14 | HL03 is none of 20, 22 and 23",
                "NM1*85*            | NM1*87*            | 22 | the claim has no billing provider (NM1*85) above it",
                "NM1*IL*            | NM1*XX*            | 22 | the claim has no subscriber (NM1*IL) above it",
                "NM1*PR*            | NM1*XX*            | 22 | the claim has no payer (NM1*PR) above it",
                "*****PI*MED01      | ''                 | 20 | NM109 is missing",
                "D8*19800115        | D8*19800231        | 19 | DMG02 is not a date",
                "CLM*PLAIN-1*       | CLM**              | 22 | CLM01 is missing",
                "*187.5*            | **                 | 22 | CLM02 is missing",
                "*187.5*            | *1,875.00*         | 22 | CLM02 is not a number",
                "*187.5*            | *1E2*              | 22 | CLM02 is not a number",
                "*187.5*            | *-187.5*           | 22 | CLM02 is negative",
                "*187.5*            | *187.505*          | 22 | CLM02 is not an amount of dollars and cents below ten billion",
                "CLM*               | CLX*               | 22 | not a segment of an 837P",
                "ABF:I10            | ABF                | 23 | HI02 is not a composite by the separator of ISA16",
                "ABF:I10            | ABF:               | 23 | 'HI02-2, the diagnosis code, is missing'",
                "LX*2               | LX*1               | 27 | LX01 repeats the number of an earlier line of the claim",
                "LX*2               | LX*0               | 27 | LX01 is 0",
                "LX*2               | LX                 | 27 | LX01 is missing",
                "LX*2               | NTE*ADD*X          | 28 | a second SV1 in one service line",
                "LX*1               | NTE*ADD*X          | 25 | SV1 stands outside of a service line (LX)",
                "SV1*HC:G0328       | SV2*HC:G0328       | 28 | SV2 is an institutional service line: not 837P",
                "SV1*HC:G0328       | SV3*HC:G0328       | 28 | SV3 is a dental service line: not 837P",
                "SV1*HC:G0328       | SV5*HC:G0328       | 27 | the service line has no SV1",
                "SV1*HC:G0328       | SV1*HC             | 28 | 'SV101-2, the procedure code, is missing'",
                "G0328*45*          | G0328*45.O*        | 28 | SV102 is not a number",
                "G0328*45*UN*1*     | G0328*45*UN**      | 28 | SV104 is missing",
                "G0328*45*UN*1*     | G0328*45*UN*.0001* | 28 | SV104 is not a quantity with at most three decimals",
                "2:1:3              | 0                  | 28 | SV107 is not a diagnosis pointer",
                "2:1:3              | A                  | 28 | SV107 is not a diagnosis pointer",
            })
    void rejectsOneFaultWhereItIs(String sound, String faulty, int segment, String reason) {
        assertThat(plain()).contains(sound);

        assertThat(rejection(read(plain().replace(sound, faulty)))).isEqualTo(new Rejection(segment, reason));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "D8*20260218             | 29 | ''                 | 29 | DTP02 is missing",
                "D8*20260218             | 29 | D8*20260229        | 29 | DTP03 is not a date",
                "D8*20260218             | 29 | D8*2026-02-18      | 29 | DTP03 is not a date",
                "D8*20260218             | 29 | RD8*20260218       | 29 | DTP03 is not a range of dates",
                "D8*20260218             | 29 | RD8*20260218-20260217 | 29 | DTP03 is a range that ends before it begins",
                "D8*20260218             | 29 | TM*1200            | 29 | DTP02 is neither D8 nor RD8",
                "472                     | 29 | 471                | 27 | the service line has no service date (DTP*472)",
            })
    void rejectsAServiceDateThatIsNone(String sound, int at, String faulty, int segment, String reason) {
        var segments = segments();
        segments.set(at - 1, segments.get(at - 1).replace(sound, faulty));

        assertThat(rejection(read(String.join("", segments)))).isEqualTo(new Rejection(segment, reason));
    }

    @Test
    void rejectsTheSameControlNumberTwiceFromOneProvider() {
        var claim = String.join("", segments().subList(21, 29));
        var text = plain().replace("SE*28*", claim + "SE*36*");

        assertThat(rejection(read(text)))
                .isEqualTo(new Rejection(30, "CLM01 repeats the claim control number of segment 22"));
        assertThat(read(text.replaceFirst("CLM\\*PLAIN-1", "CLM*PLAIN-2"))).isInstanceOf(ReadOutcome.Accepted.class);
    }

    @Test
    void rejectsAClaimWithoutLinesAndASetWithoutClaims() {
        var withoutLines = new ArrayList<>(segments());
        withoutLines.subList(23, 29).clear();
        var withoutClaims = new ArrayList<>(segments());
        withoutClaims.subList(21, 29).clear();

        assertThat(rejection(read(String.join("", withoutLines).replace("SE*28", "SE*22"))))
                .isEqualTo(new Rejection(22, "the claim has no service line (LX)"));
        assertThat(rejection(read(String.join("", withoutClaims).replace("SE*28", "SE*20"))))
                .isEqualTo(new Rejection(22, "the transaction set holds no claim (CLM)"));
    }

    @Test
    void rejectsEveryBeginningOfAFile() {
        var text = plain().stripTrailing();
        for (var length = 0; length < text.length(); length++) {
            assertThat(read(text.substring(0, length)))
                    .as("the first %d characters", length)
                    .isInstanceOf(ReadOutcome.Rejected.class);
        }
    }

    @Test
    void rejectsAFileThatLostAnyOneSegmentOrHasAnyOneTwice() {
        for (var index = 0; index < segments().size(); index++) {
            var lost = new ArrayList<>(segments());
            var doubled = new ArrayList<>(segments());
            doubled.add(index, lost.remove(index));

            assertThat(read(String.join("", lost)))
                    .as("without segment %d", index + 1)
                    .isInstanceOf(ReadOutcome.Rejected.class);
            assertThat(read(String.join("", doubled)))
                    .as("with segment %d twice", index + 1)
                    .isInstanceOf(ReadOutcome.Rejected.class);
        }
    }

    @Test
    void rejectsWhatFollowsTheLastInterchange() {
        assertThat(rejection(read(plain() + "and more")))
                .isEqualTo(new Rejection(33, "not a well-formed segment, after segment 32 (IEA)"));
        assertThat(rejection(read(plain() + plain().substring(0, 50))).segmentNumber())
                .isEqualTo(33);
    }

    @Test
    void rejectsBinaryContent() {
        var bytes = new byte[4_096];
        new Random(7).nextBytes(bytes);

        assertThat(rejection(ClaimFileReader.read(bytes)).segmentNumber()).isZero();
        assertThat(rejection(read("ISA\0\0\0"))).isEqualTo(new Rejection(0, "the file is binary, not X12 text"));
    }

    @Test
    void answersAnyDamageWithAValueThatQuotesNothingIdentifying() {
        var random = new Random(837);
        for (var round = 0; round < 1_000; round++) {
            var text = new StringBuilder(plain());
            for (var damage = random.nextInt(1, 4); damage > 0; damage--) {
                damage(text, random);
            }
            if (read(text.toString()) instanceof ReadOutcome.Rejected(var rejection)) {
                assertThat(rejection.toString())
                        .as("%s", text)
                        .doesNotContain("ALDER", "ROWAN", "M-100", "1980")
                        .hasSizeLessThan(200);
            }
        }
    }

    private static void damage(StringBuilder text, Random random) {
        var at = random.nextInt(text.length() - 30);
        switch (random.nextInt(4)) {
            case 0 -> text.deleteCharAt(at);
            case 1 -> text.setCharAt(at, DAMAGE.charAt(random.nextInt(DAMAGE.length())));
            case 2 -> text.delete(at, at + random.nextInt(1, 30));
            default -> text.insert(random.nextInt(text.length()), text.substring(at, at + random.nextInt(1, 30)));
        }
    }

    private static List<String> segments() {
        return plain().lines().collect(Collectors.toCollection(ArrayList::new));
    }
}
