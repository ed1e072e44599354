package io.viewkeeper.schema.database;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A connection URL as libpq writes it. The client would ignore most parameters without a word: those that matter become
 * settings, and the others are refused. No message quotes the URL, for it may hold a password.
 *
 * @param withoutSettings what is left for the client
 * @param settings by name, behind {@code quarkus.datasource.reactive.}
 */
record DatabaseUrl(String withoutSettings, Map<String, String> settings) {
    /** As a source of settings. */
    static final String NAME = "quarkus.datasource.reactive.url";

    private static final Pattern FORM = Pattern.compile(
            "(?<start>(?:vertx-reactive:)?postgres(?:ql)?://(?<server>[^/?]*)(?:/[^?]*)?)(?:\\?(?<parameters>.*))?");

    private static final List<String> MODES =
            List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

    DatabaseUrl {
        settings = Map.copyOf(settings);
    }

    /** @throws IllegalArgumentException with what is wrong, and what to do */
    static DatabaseUrl of(String text) {
        Matcher url = FORM.matcher(text.strip());
        if (!url.matches()) {
            throw refused("must be of the form postgresql://host:port/database");
        }
        if (url.group("server").contains("@")) {
            throw refused("holds a user: set quarkus.datasource.username and quarkus.datasource.password instead");
        }
        if (url.group("start").contains(",")) {
            throw refused("names several servers: name one, by an address that follows the primary");
        }
        var settings = new HashMap<String, String>();
        String parameters = url.group("parameters");
        for (String parameter : parameters == null ? new String[0] : parameters.split("&", -1)) {
            if (!parameter.isEmpty()) {
                take(parameter, settings);
            }
        }
        return new DatabaseUrl(url.group("start"), settings);
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
                        + ", which would be ignored: it may have sslmode, sslrootcert, sslcert, sslkey, application_name"
                        + " and options; the rest are settings, see docs/settings.md");
        }
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

    private static IllegalArgumentException refused(String why) {
        return new IllegalArgumentException(NAME + " " + why + ".");
    }
}
