// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProxySettingsTest {
    private static final String FIRST = "quarkus.datasource.reactive.";
    private static final String STATISTICS = "quarkus.datasource.statistics.reactive.";
    private static final Map<String, String> SETTINGS = Map.of(
            FIRST + "cache-prepared-statements",
            "true",
            FIRST + "additional-properties.application_name",
            "ours",
            FIRST + "additional-properties.statement_timeout",
            "10s",
            FIRST + "additional-properties.default_transaction_read_only",
            "on",
            FIRST + "additional-properties.default_transaction_isolation",
            "serializable",
            FIRST + "additional-properties.\"shop.tenant\"",
            "it's a \\ \"tenant\"",
            "quarkus.datasource.statistics.db-kind",
            "postgresql",
            STATISTICS + "additional-properties.statement_timeout",
            "2s",
            STATISTICS + "additional-properties.work_mem",
            "32MB");

    @Test
    void withoutAProxyTheSessionsKeepWhatIsSet() {
        var config = config(SETTINGS);
        assertThat(names(config)).contains(FIRST + "additional-properties.statement_timeout");
        assertThat(value(config, FIRST + "additional-properties.statement_timeout"))
                .isEqualTo("10s");
        assertThat(value(config, FIRST + "cache-prepared-statements")).isEqualTo("true");
        assertThat(TransactionSettings.of(config).sql()).isEmpty();
        assertThat(TransactionSettings.of(config, "statistics").sql()).isEmpty();
    }

    @Test
    void behindAProxyEachTransactionIsToldOfEveryPool() {
        var settings = new HashMap<>(SETTINGS);
        settings.put(FIRST + "postgresql.use-layer7-proxy", "true");
        var config = config(settings);
        assertThat(names(config))
                .contains(
                        FIRST + "additional-properties.application_name",
                        STATISTICS + "additional-properties.application_name")
                .noneMatch(name -> name.contains("additional-properties") && !name.endsWith("application_name"));
        for (String pool : Set.of(FIRST, STATISTICS, "quarkus.datasource.\"statistics\".reactive.")) {
            assertThat(value(config, pool + "additional-properties.statement_timeout"))
                    .isEqualTo("null");
            assertThat(value(config, pool + "additional-properties.application_name"))
                    .isEqualTo("ours");
            assertThat(value(config, pool + "cache-prepared-statements")).isEqualTo("false");
        }
        assertThat(TransactionSettings.of(config).sql())
                .isEqualTo("select pg_catalog.set_config(E'transaction_read_only', E'on', true),"
                        + " pg_catalog.set_config(E'shop.tenant', E'it''s a \\\\ \"tenant\"', true),"
                        + " pg_catalog.set_config(E'statement_timeout', E'10s', true)");
        assertThat(TransactionSettings.of(config, "statistics").byName())
                .containsEntry("statement_timeout", "2s")
                .containsEntry("work_mem", "32MB")
                .containsEntry("default_transaction_read_only", "on");
    }

    private static SmallRyeConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(settings, "test", 250))
                .withInterceptors(new PoolSettings(), new ProxySettings())
                .build();
    }

    private static Set<String> names(SmallRyeConfig config) {
        var names = new HashSet<String>();
        config.getPropertyNames().forEach(names::add);
        return names;
    }

    private static String value(SmallRyeConfig config, String name) {
        return String.valueOf(config.getConfigValue(name).getValue());
    }
}
