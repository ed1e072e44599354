// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import static io.viewkeeper.sandbox.claims.x12.SampleFile.claims;
import static io.viewkeeper.sandbox.claims.x12.SampleFile.plain;
import static io.viewkeeper.sandbox.claims.x12.SampleFile.read;
import static io.viewkeeper.sandbox.claims.x12.SampleFile.summary;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ClaimFileReaderTest {

    @Test
    void readsEachLineWithTheDiagnosisOfItsFirstPointer() {
        assertThat(summary(accepted("plain.837"))).isEqualTo("""
                        PLAIN-1 187.50 | 1457300010 LAKESIDE FAMILY PRACTICE 207Q00000X | MED01 MEDICARE EXAMPLE MEDICARE
                          1 G0463 E119 142.50 x 1 on 2026-02-18
                          2 G0328 I10 45.00 x 1 on 2026-02-18
                        """);
    }

    @Test
    void readsClaimsOfSubscribersAndTheirDependentsUnderTheirOwnBillingProvider() {
        assertThat(summary(accepted("dependents.837"))).isEqualTo("""
                        DEP-1 95.00 | 1457300010 LAKESIDE FAMILY PRACTICE 207Q00000X | BH200 BLUE HERON COMMERCIAL
                          1 G0463 J069 95.00 x 1 on 2026-01-20
                        DEP-2 30.00 | 1457300010 LAKESIDE FAMILY PRACTICE 207Q00000X | BH200 BLUE HERON COMMERCIAL
                          1 G0435 J029 30.00 x 1 on 2026-01-21
                        DEP-3 95.00 | 1457300010 LAKESIDE FAMILY PRACTICE 207Q00000X | BH200 BLUE HERON COMMERCIAL
                          1 G0463 H6690 95.00 x 1 on 2026-01-20
                        SUB-1 60.00 | 1457300010 LAKESIDE FAMILY PRACTICE 207Q00000X | SP300 STATE PLAN MEDICAID
                          1 G0439 Z0000 60.00 x 1 on 2026-01-22
                        SUB-1 40.00 | 1457300028 HARBOR PHYSICAL THERAPY 225100000X | SP300 STATE PLAN MEDICAID
                          1 G0283 M545 40.00 x 2 on 2026-01-23
                        """);
    }

    @Test
    void tellsDependentsApartAndKnowsTheSamePersonAgain() {
        var key = PatientKey.forSamples();
        var numbers = accepted("dependents.837").stream()
                .map(claim -> key.number(claim.patient()))
                .toList();

        assertThat(numbers.get(0)).isPositive().isEqualTo(numbers.get(1));
        assertThat(numbers.get(2)).as("the twin").isPositive().isNotEqualTo(numbers.get(0));
        assertThat(numbers.get(3)).as("at another provider").isEqualTo(numbers.get(4));
        assertThat(numbers.get(3)).isNotIn(numbers.get(0), numbers.get(2));
    }

    @Test
    void keepsPayerAndProvidersApartFromThoseOfOtherPayersAndOfLines() {
        var claims = accepted("coordination-of-benefits.837");

        assertThat(summary(claims)).isEqualTo("""
                        COB-1 312.34 | 1457300010 LAKESIDE FAMILY PRACTICE null | PM100 PRAIRIE MUTUAL COMMERCIAL
                          1 G0463 M1711 212.34 x 1 on 2026-02-03
                          2 G0260 E669 100.00 x 1 on 2026-02-03
                        """);
        assertThat(claims.getFirst().renderingProvider())
                .isEqualTo(new Provider("1457300051", "MAPLE, JUNIPER Q", "207X00000X"));
        assertThat(claims.getFirst().patient().memberId()).isEqualTo("COB1");
    }

    @Test
    void takesTheTaxonomyFromTheRenderingLoopOfAProviderWhoBillsForHimself() {
        var text = plain().replace("PRV*BI*PXC*207Q00000X~", "REF*0B*0~")
                .replace("LX*1~", "NM1*82*1*OTHER*****XX*1457300010~PRV*PE*PXC*208D00000X~LX*1~")
                .replace("SE*28*", "SE*30*");

        var provider = claims(read(text)).getFirst().provider();

        assertThat(provider).isEqualTo(new Provider("1457300010", "LAKESIDE FAMILY PRACTICE", "208D00000X"));
    }

    @Test
    void readsSeveralSetsGroupsAndInterchangesEachWithItsOwnSeparators() {
        var outcome = ClaimFileReader.read(SampleFile.bytes(SampleFile.ACCEPTED.resolve("several-envelopes.edi")));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        ReadOutcome.Accepted.class,
                        accepted -> assertThat(accepted.counts()).isEqualTo(new EnvelopeCounts(2, 3, 4, 111)));
        assertThat(summary(claims(outcome))).isEqualTo("""
                        T-1 10.00 | 1457300010 LAKESIDE FAMILY PRACTICE 207Q00000X | PM100 PRAIRIE MUTUAL COMMERCIAL
                          1 G0463 R519 10.00 x 1 on 2026-03-01
                        T-2 20.00 | 1457300010 LAKESIDE FAMILY PRACTICE 207Q00000X | CH400 FORCES PLAN TRICARE
                          1 G0463 R519 20.00 x 1 on 2026-03-01
                        T-3 30.00 | 1457300010 LAKESIDE FAMILY PRACTICE 207Q00000X | WC500 COMP FUND OTHER
                          1 G0463 R519 30.00 x 1 on 2026-03-01
                        T-1 40.00 | 1457300010 LAKESIDE FAMILY PRACTICE 207Q00000X | PM100 PRAIRIE MUTUAL COMMERCIAL
                          1 G0463 R519 40.00 x 1 on 2026-03-01
                        """);
    }

    @Test
    void readsLinesWrappedAtAFixedWidthInTheMiddleOfSegments() {
        assertThat(summary(accepted("wrapped-lines.txt"))).isEqualTo("""
                        WRAP-1 75.25 | 1457300010 LAKESIDE FAMILY PRACTICE 207Q00000X | PM100 PRAIRIE MUTUAL COMMERCIAL
                          1 Q0092 S93401A 50.25 x 1 on 2026-02-10
                          2 A4590 S93401A 25.00 x 1 on 2026-02-11
                        """);
    }

    @Test
    void readsDrugsByTheirProcedureAndRangesByTheirFirstDay() {
        assertThat(summary(accepted("drug-and-ambulance.837"))).isEqualTo("""
                        DRUG-1 1250.75 | 1457300036 HOMECARE INFUSION 251F00000X | PM100 PRAIRIE MUTUAL COMMERCIAL
                          1 S9330 C9110 1000.00 x 7 on 2026-02-01
                          2 J9035 C9110 250.75 x 14.5 on 2026-02-02
                        AMB-1 466.40 | 1457300044 VALLEY AMBULANCE 3416L0300X | MED01 MEDICARE EXAMPLE MEDICARE
                          1 A0427 I469 400.00 x 1 on 2026-02-14
                          2 A0425 I469 66.40 x 8.3 on 2026-02-14
                        ANES-1 827.00 | 1457300044 VALLEY AMBULANCE 3416L0300X | MED01 MEDICARE EXAMPLE MEDICARE
                          1 G0500 K4090 827.00 x 61 on 2026-02-15
                        """);
    }

    @Test
    void acceptsALineBreakAsTerminatorAndControlCharactersAsSeparators() {
        assertThat(accepted("line-break-terminated.837"))
                .extracting(Claim::controlNumber)
                .containsExactly("CTRL-1");
    }

    @Test
    void findsTheSeparatorOfComponentsThatAGatewayLeftBehind() {
        assertThat(summary(accepted("gateway-separator.837"))).endsWith("  1 G0463 L299 33.00 x 1 on 2026-03-05\n");
    }

    @Test
    void readsTheSameWhateverStandsBetweenSegmentsAndAroundTheFile() {
        var plain = plain();
        var expected = claims(read(plain));

        assertThat(List.of(
                        plain.replace("\n", ""),
                        plain.replace("\n", "\r\n"),
                        plain.replace("~\n", "\n"),
                        plain.replace("~\n", "\r\n").stripTrailing(),
                        plain.replace("~\n", "\r"),
                        plain.replace("\n", "\n\n  "),
                        "\uFEFF \n" + plain,
                        plain + "\n\n\u001A"))
                .allSatisfy(text -> assertThat(claims(read(text))).isEqualTo(expected));
    }

    @Test
    void readsTheSameWithOtherSeparators() {
        var expected = summary(claims(read(plain())));
        var text =
                plain().replace('*', '|').replace(':', '<').replace('~', '\'').replace('^', '#');

        assertThat(summary(claims(read(text)))).isEqualTo(expected);
    }

    @Test
    void readsBytesThatAreNotUtf8AsLatin1() {
        var latin = plain().replace("LAKESIDE", "LAKESIDÉ").getBytes(StandardCharsets.ISO_8859_1);

        assertThat(claims(ClaimFileReader.read(latin)).getFirst().provider().name())
                .isEqualTo("LAKESIDÉ FAMILY PRACTICE");
    }

    @Test
    void acceptsEveryVersionOfTheProfessionalGuide() {
        for (var version : List.of("005010X222", "005010X222A1", "005010X222A2")) {
            assertThat(claims(read(plain().replace("005010X222A1", version)))).hasSize(1);
        }
    }

    @Test
    void acceptsAProviderWithoutNationalIdentifier() {
        var text = plain().replace("*****XX*1457300010", "");

        assertThat(claims(read(text)).getFirst().provider())
                .isEqualTo(new Provider(null, "LAKESIDE FAMILY PRACTICE", "207Q00000X"));
    }

    @Test
    void leavesTheDiagnosisOpenWhereALinePointsToNone() {
        var text = plain().replace("*UN*1***1:2~", "*UN*1~");

        assertThat(claims(read(text)).getFirst().lines())
                .extracting(ClaimLine::diagnosisCode)
                .containsExactly(null, "I10");
    }

    @Test
    void mapsClaimFilingIndicatorsToPayerTypes() {
        assertThat(List.of("CI", "BL", "HM", "12")).allMatch(code -> type(code) == PayerType.COMMERCIAL);
        assertThat(List.of("MA", "MB", "16")).allMatch(code -> type(code) == PayerType.MEDICARE);
        assertThat(type("MC")).isEqualTo(PayerType.MEDICAID);
        assertThat(type("CH")).isEqualTo(PayerType.TRICARE);
        assertThat(List.of("AM", "WC", "VA", "ZZ", "")).allMatch(code -> type(code) == PayerType.OTHER);
    }

    @Test
    void printsNothingThatIdentifiesThePatient() {
        assertThat(Objects.toString(claims(read(plain()))))
                .doesNotContain("ALDER", "ROWAN", "M-100-01", "1980")
                .contains("PLAIN-1");
    }

    private static PayerType type(String claimFiling) {
        return claims(read(plain().replace("*MB~", "*" + claimFiling + "~")))
                .getFirst()
                .payer()
                .type();
    }

    private static List<Claim> accepted(String name) {
        return claims(ClaimFileReader.read(SampleFile.bytes(SampleFile.ACCEPTED.resolve(name))));
    }
}
