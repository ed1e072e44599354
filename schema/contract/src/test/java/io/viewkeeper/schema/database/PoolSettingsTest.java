// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolSettingsTest {
    private static final String URL = "postgresql://db.example:5432/shop";

    @Test
    void whatIsSetOfTheFirstPoolHoldsForTheOthersWhereTheySayNothingElse() {
        var config = config(Map.of(
                "quarkus.datasource.reactive.url", URL,
                "quarkus.datasource.username", "somebody",
                "quarkus.datasource.reactive.max-size", "8",
                "quarkus.datasource.reactive.postgresql.ssl-mode", "verify-full",
                "quarkus.datasource.reactive.trust-certificate-pem", "true",
                "quarkus.datasource.reactive.trust-certificate-pem.certs[0]", "/ca.pem",
                "quarkus.datasource.reactive.additional-properties.client_min_messages", "warning",
                "quarkus.datasource.statistics.db-kind", "postgresql",
                "quarkus.datasource.statistics.reactive.max-size", "5"));
        String pool = "quarkus.datasource.statistics.";
        assertThat(value(config, pool + "reactive.url")).isEqualTo(URL);
        assertThat(value(config, pool + "username")).isEqualTo("somebody");
        assertThat(value(config, pool + "reactive.max-size")).isEqualTo("5");
        assertThat(value(config, pool + "reactive.postgresql.ssl-mode")).isEqualTo("verify-full");
        assertThat(value(config, pool + "reactive.hostname-verification-algorithm"))
                .isEqualTo("HTTPS");
        assertThat(value(config, "quarkus.datasource.\"statistics\".reactive.trust-certificate-pem"))
                .isEqualTo("true");
        var names = new HashSet<String>();
        config.getPropertyNames().forEach(names::add);
        assertThat(names)
                .contains(
                        pool + "username",
                        pool + "reactive.trust-certificate-pem.certs[0]",
                        pool + "reactive.additional-properties.client_min_messages")
                .noneMatch(name -> name.startsWith("quarkus.datasource.explain"));
    }

    @Test
    void aSettingOfThePoolIsStrongerThanAnyOfTheFirstAndADefaultIsNot() {
        var config = new SmallRyeConfigBuilder()
                .withDefaultValue("quarkus.datasource.statistics.reactive.hostname-verification-algorithm", "NONE")
                .withDefaultValue("quarkus.datasource.statistics.reactive.max-size", "20")
                .withSources(new PropertiesConfigSource(
                        Map.of(
                                "quarkus.datasource.reactive.hostname-verification-algorithm", "HTTPS",
                                "quarkus.datasource.reactive.additional-properties.statement_timeout", "1min",
                                "quarkus.datasource.reactive.max-size", "8"),
                        "environment",
                        300))
                .withSources(new PropertiesConfigSource(
                        Map.of("quarkus.datasource.statistics.reactive.additional-properties.statement_timeout", "2s"),
                        "application.properties",
                        250))
                .withInterceptors(new PoolSettings())
                .build();
        assertThat(value(config, "quarkus.datasource.statistics.reactive.hostname-verification-algorithm"))
                .isEqualTo("HTTPS");
        assertThat(value(config, "quarkus.datasource.statistics.reactive.max-size"))
                .isEqualTo("8");
        assertThat(value(config, "quarkus.datasource.statistics.reactive.additional-properties.statement_timeout"))
                .isEqualTo("2s");
    }

    @Test
    void whatTheUrlSaysIsStrongerThanSettingsAndHoldsForAllPools() {
        var config = config(Map.of(
                "database.parameters",
                "?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem&sslcert=/c.pem&sslkey=/k.pem&application_name=a%20b"
                        + "&options=-c%20geqo=off",
                "quarkus.datasource.reactive.url",
                URL + "${database.parameters}",
                "quarkus.datasource.reactive.additional-properties.application_name",
                "viewkeeper",
                "quarkus.datasource.explain.reactive.additional-properties.application_name",
                "viewkeeper explain"));
        for (String pool : new String[] {"quarkus.datasource.", "quarkus.datasource.explain."}) {
            assertThat(value(config, pool + "reactive.url")).isEqualTo(URL);
            assertThat(value(config, pool + "reactive.postgresql.ssl-mode")).isEqualTo("verify-full");
            assertThat(value(config, pool + "reactive.hostname-verification-algorithm"))
                    .isEqualTo("HTTPS");
            assertThat(value(config, pool + "reactive.trust-certificate-pem")).isEqualTo("true");
            assertThat(value(config, pool + "reactive.trust-certificate-pem.certs"))
                    .isEqualTo("/etc/ca.pem");
            assertThat(value(config, pool + "reactive.key-certificate-pem.keys"))
                    .isEqualTo("/k.pem");
            assertThat(value(config, pool + "reactive.additional-properties.application_name"))
                    .isEqualTo("a b");
            assertThat(value(config, pool + "reactive.additional-properties.options"))
                    .isEqualTo("-c geqo=off");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jdbc:postgresql://h/d?password=secret | must be of the form",
                "postgresql://me:secret@h/d | holds a user",
                "postgresql://h/d?user=me&password=secret | has the parameter user",
                "postgresql://h/d,postgresql://secret/d | has a comma in the name of the database",
                "postgresql://h:1,me:secret@i:2/d | holds a user",
                "postgresql://h/d?sslmode=VERIFY | has an sslmode that does not exist",
                "postgresql://h/d?sslrootcert=system | has the parameter sslrootcert without a file",
                "postgresql://h/d?target_session_attrs=secret | has a target_session_attrs that is not known here",
                "postgresql://h/d?target_session_attrs=prefer-standby | has a target_session_attrs that is not known here",
                "postgresql://h/d?sslcrl=/secret | has the parameter sslcrl, which would be ignored",
            })
    void whatWouldBeIgnoredIsRefusedWithASentenceThatQuotesNothing(String url, String why) {
        var config = config(Map.of("quarkus.datasource.reactive.url", url));
        assertThat(value(config, "viewkeeper.database.problem"))
                .startsWith("quarkus.datasource.reactive.url " + why)
                .endsWith(".")
                .doesNotContain("secret");
        // Who asks for another setting is not told, or each would tell.
        assertThat(config.getConfigValue("quarkus.datasource.statistics.reactive.url")
                        .getValue())
                .isEqualTo(url);
    }

    /** For each server a URL, in order, which is what the client takes; all pools choose alike. */
    @Test
    void severalServersAreAUrlEach() {
        var config = config(Map.of(
                "quarkus.datasource.reactive.url",
                "postgresql://a:1,[::1]:2,c/shop%20x?sslmode=require&target_session_attrs=read-write"));
        for (String pool : new String[] {"quarkus.datasource.", "quarkus.datasource.explain."}) {
            assertThat(config.getValues(pool + "reactive.url", String.class))
                    .containsExactly(
                            "postgresql://a:1/shop%20x", "postgresql://[::1]:2/shop%20x", "postgresql://c/shop%20x");
            assertThat(value(config, pool + "reactive.postgresql.ssl-mode")).isEqualTo("require");
        }
        assertThat(value(config, "viewkeeper.database.target")).isEqualTo("PRIMARY");
        assertThat(value(config, "viewkeeper.database.problem")).isEqualTo("null");
        assertThat(InstallationTags.databaseIn(value(config, "quarkus.datasource.reactive.url")))
                .isEqualTo("shop x");
    }

    @Test
    void otherSettingsAreAsTheyAre() {
        var config = config(Map.of("statistics", "1", "quarkus.datasource.db-kind", "postgresql"));
        assertThat(value(config, "statistics")).isEqualTo("1");
        assertThat(value(config, "quarkus.datasource.db-kind")).isEqualTo("postgresql");
        assertThat(config.getConfigValue("quarkus.datasource.reactive.url").getValue())
                .isNull();
    }

    private static SmallRyeConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(new HashMap<>(settings), "test", 250))
                .withInterceptors(new PoolSettings())
                .build();
    }

    private static String value(SmallRyeConfig config, String name) {
        return String.valueOf(config.getConfigValue(name).getValue());
    }
}
