// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.database;

import static java.util.stream.Collectors.joining;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.viewkeeper.schema.start.WrongSetting;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A connection URL as libpq writes it. The client would ignore most parameters without a word: those that matter become
 * settings, and the others are refused. No message quotes the URL, for it may hold a password.
 *
 * @param withoutSettings what is left for the client: a URL for each server, with commas between them
 * @param settings by name, behind {@code quarkus.datasource.reactive.}
 * @param target which server is meant
 */
record DatabaseUrl(String withoutSettings, Map<String, String> settings, ServerTarget target) {
    /** As a source of settings. */
    static final String NAME = "quarkus.datasource.reactive.url";

    private static final String TARGET = "target_session_attrs=";

    private static final Pattern FORM = Pattern.compile(
            "(?<scheme>(?:vertx-reactive:)?postgres(?:ql)?://)(?<servers>[^/?]*)(?<database>(?:/[^?]*)?)(?:\\?(?<parameters>.*))?");

    private static final List<String> MODES =
            List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

    DatabaseUrl {
        settings = Map.copyOf(settings);
    }

    /** @throws ConfigurationException with what is wrong, and what to do */
    static DatabaseUrl of(String text) {
        Matcher url = FORM.matcher(text.strip());
        if (!url.matches()) {
            throw refused("must be of the form postgresql://host:port/database");
        }
        if (url.group("servers").contains("@")) {
            throw refused("holds a user: set quarkus.datasource.username and quarkus.datasource.password instead");
        }
        if (url.group("database").contains(",")) {
            throw refused("has a comma in the name of the database: write %2C, or name all servers before it,"
                    + " postgresql://host:port,host:port/database");
        }
        var settings = new HashMap<String, String>();
        var target = ServerTarget.ANY;
        String parameters = url.group("parameters");
        for (String parameter : parameters == null ? new String[0] : parameters.split("&", -1)) {
            if (parameter.startsWith(TARGET)) {
                target = target(parameter.substring(TARGET.length()));
            } else if (!parameter.isEmpty()) {
                take(parameter, settings);
            }
        }
        String urls = Stream.of(url.group("servers").split(",", -1))
                .map(server -> url.group("scheme") + server + url.group("database"))
                .collect(joining(","));
        return new DatabaseUrl(urls, settings, target);
    }

    private static void take(String parameter, Map<String, String> settings) {
        int equals = parameter.indexOf('=');
        String name = equals < 0 ? parameter : parameter.substring(0, equals);
        String value = equals < 0
                ? ""
                : URLDecoder.decode(parameter.substring(equals + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
        switch (name) {
            case "sslmode" -> settings.put("postgresql.ssl-mode", mode(value));
            case "sslrootcert" -> {
                settings.put("trust-certificate-pem", "true");
                settings.put("trust-certificate-pem.certs", file(name, value));
            }
            case "sslcert" -> {
                settings.put("key-certificate-pem", "true");
                settings.put("key-certificate-pem.certs", file(name, value));
            }
            case "sslkey" -> settings.put("key-certificate-pem.keys", file(name, value));
            case "application_name", "options" -> settings.put("additional-properties." + name, value);
            case "user", "password" ->
                throw refused("has the parameter " + name + ": set quarkus.datasource.username and"
                        + " quarkus.datasource.password instead");
            case "host", "hostaddr", "port", "dbname" ->
                throw refused("has the parameter " + name + ": write postgresql://host:port/database instead");
            default ->
                throw refused("has the parameter " + name
                        + ", which would be ignored: it may have sslmode, sslrootcert, sslcert, sslkey, application_name,"
                        + " options and target_session_attrs; the rest are settings, see docs/settings.md");
        }
    }

    private static ServerTarget target(String value) {
        return ServerTarget.of(value)
                .orElseThrow(() -> refused("has a target_session_attrs that is not known here: it is one of "
                        + String.join(", ", ServerTarget.NAMES)));
    }

    private static String mode(String value) {
        if (!MODES.contains(value)) {
            throw refused("has an sslmode that does not exist: it is one of " + String.join(", ", MODES));
        }
        return value;
    }

    private static String file(String name, String value) {
        if (value.isBlank() || value.equals("system")) {
            throw refused("has the parameter " + name + " without a file: name a file in PEM format");
        }
        return value;
    }

    private static ConfigurationException refused(String why) {
        return WrongSetting.of(NAME + " " + why + ".");
    }
}
