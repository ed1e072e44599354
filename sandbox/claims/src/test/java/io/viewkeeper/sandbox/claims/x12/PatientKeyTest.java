// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatientKeyTest {

    private static final LocalDate BORN = LocalDate.of(1980, 1, 15);
    private static final Patient PATIENT = new Patient("PM100", "M-100-01", "Alder", "Rowan", BORN);

    private final PatientKey key = PatientKey.of("a secret".getBytes(StandardCharsets.UTF_8));

    /** The number is in databases: it may not change with the code. */
    @Test
    void givesTheSameNumberForever() {
        assertThat(key.number(PATIENT)).isEqualTo(5_269_329_691_653_391_016L);
    }

    @Test
    void knowsThePersonInAnotherSpellingAndAfterAMarriage() {
        assertThat(List.of(
                        new Patient("PM100", "m10001", "ALDER", "ROWAN ", BORN),
                        new Patient("pm-100", "M 100 01", "BIRCH", "rowan", BORN)))
                .allSatisfy(same -> assertThat(key.number(same)).isEqualTo(key.number(PATIENT)));
    }

    @Test
    void tellsPersonsApartWhoShareAllButOne() {
        assertThat(List.of(
                        new Patient("PM200", "M-100-01", "Alder", "Rowan", BORN),
                        new Patient("PM100", "M-100-02", "Alder", "Rowan", BORN),
                        new Patient("PM100", "M-100-01", "Alder", "Hazel", BORN),
                        new Patient("PM100", "M-100-01", "Alder", "Rowan", BORN.plusDays(1)),
                        new Patient("PM100", "M-100-01", "Alder", "Rowan", null),
                        new Patient("PM100", "", "Alder", "Rowan", BORN),
                        new Patient("PM100", "", "Birch", "Rowan", BORN)))
                .extracting(key::number)
                .doesNotHaveDuplicates()
                .doesNotContain(key.number(PATIENT));
    }

    @Test
    void givesAnotherNumberUnderAnotherKey() {
        assertThat(PatientKey.forSamples().number(PATIENT)).isNotEqualTo(key.number(PATIENT));
    }
}
