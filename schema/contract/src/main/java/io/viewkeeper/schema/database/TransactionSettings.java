// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.database;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;

/**
 * What is set at the begin of each transaction, for no session keeps it: behind a proxy the properties of a pool's sessions,
 * else nothing.
 *
 * @param byName as in pg_settings
 */
public record TransactionSettings(Map<String, String> byName) {
    private static final Set<String> SAID_BY_EACH =
            Set.of("default_transaction_isolation", "default_transaction_deferrable");

    /** A pool's sessions keep what is set of them. */
    public static final TransactionSettings NONE = new TransactionSettings(Map.of());

    public TransactionSettings {
        byName = Map.copyOf(byName);
    }

    /** Those of the pool that has no name. */
    public static TransactionSettings of(Config config) {
        return of(config, ProxySettings.DEFAULT_POOL);
    }

    /** Those of another pool. */
    public static TransactionSettings of(Config config, String pool) {
        String prefix = ProxySettings.TRANSACTION + pool + ".";
        var byName = new TreeMap<String, String>();
        for (String name : config.getPropertyNames()) {
            if (name.startsWith(prefix)) {
                config.getOptionalValue(name, String.class)
                        .ifPresent(value -> byName.put(unquoted(name.substring(prefix.length())), value));
            }
        }
        return new TransactionSettings(byName);
    }

    private static String unquoted(String name) {
        return name.replace("\"", "");
    }

    /** Empty where nothing is set; else to be sent as a transaction's first statement, or after that which says its isolation. */
    String sql() {
        var said = byName.entrySet().stream()
                .filter(setting -> !SAID_BY_EACH.contains(setting.getKey()))
                .toList();
        return said.isEmpty()
                ? ""
                : said.stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(setting -> "pg_catalog.set_config(%s, %s, true)"
                                .formatted(literal(inForce(setting.getKey())), literal(setting.getValue())))
                        .collect(Collectors.joining(", ", "select ", ""));
    }

    /** The default of transactions is for those that come: this one has begun. */
    private static String inForce(String name) {
        return name.equals("default_transaction_read_only") ? "transaction_read_only" : name;
    }

    /** Whatever standard_conforming_strings is. */
    private static String literal(String text) {
        return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
