// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.database;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All pools of a service connect as its first one: what is set of {@code quarkus.datasource} holds for {@code statistics} and
 * {@code explain}, too, where nothing else is set of them. Parameters of the first pool's URL are read as settings, see
 * {@link DatabaseUrl}.
 */
// Before expressions are resolved in what it asks for, and profiles.
@Priority(Priorities.LIBRARY + 600)
public final class PoolSettings implements ConfigSourceInterceptor {
    private static final long serialVersionUID = 1;
    private static final String FIRST = "quarkus.datasource.";
    private static final String REACTIVE = FIRST + "reactive.";
    private static final String URL = REACTIVE + "url";
    private static final String SSL_MODE = REACTIVE + "postgresql.ssl-mode";
    private static final String HOST_NAME_CHECK = REACTIVE + "hostname-verification-algorithm";
    private static final Set<String> CREDENTIALS = Stream.of(
                    "username", "password", "credentials-provider", "credentials-provider-name")
            .map(FIRST::concat)
            .collect(Collectors.toUnmodifiableSet());
    private static final List<String> FURTHER = List.of("statistics", "explain");

    @Override
    public @Nullable ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        if (name.equals(ServerChoice.TARGET)) {
            return target(context);
        }
        if (name.equals(Pools.PROBLEM)) {
            return problem(context);
        }
        if (!name.startsWith(FIRST)) {
            return context.proceed(name);
        }
        var own = context.proceed(name);
        String ofFirst = ofFirst(name);
        if (ofFirst.equals(name)) {
            return ofFirst(context, name, own);
        }
        var shared = ofFirst(context, ofFirst, context.proceed(ofFirst));
        boolean said = isSaid(own) && !(shared != null && DatabaseUrl.NAME.equals(shared.getConfigSourceName()));
        return said || shared == null ? own : shared.withName(name);
    }

    private static @Nullable ConfigValue problem(ConfigSourceInterceptorContext context) {
        var said = context.proceed(URL);
        try {
            read(said);
            return null;
        } catch (ConfigurationException wrong) {
            return ConfigValue.builder()
                    .withName(Pools.PROBLEM)
                    .withValue(wrong.getMessage())
                    .build();
        }
    }

    /** Said in the URL, and nowhere else. */
    private static @Nullable ConfigValue target(ConfigSourceInterceptorContext context) {
        var said = context.proceed(URL);
        var url = usable(said);
        return said == null || url == null
                ? null
                : said.withName(ServerChoice.TARGET).withValue(url.target().name());
    }

    private static String ofFirst(String name) {
        for (String pool : FURTHER) {
            for (String prefix : List.of(FIRST + pool + ".", FIRST + '"' + pool + "\".")) {
                if (name.startsWith(prefix)) {
                    return FIRST + name.substring(prefix.length());
                }
            }
        }
        return name;
    }

    /** Defaults are no settings. */
    private static boolean isSaid(@Nullable ConfigValue value) {
        return value != null && value.getConfigSourceOrdinal() > Integer.MIN_VALUE;
    }

    private static @Nullable ConfigValue ofFirst(
            ConfigSourceInterceptorContext context, String name, @Nullable ConfigValue set) {
        if (!name.startsWith(REACTIVE)) {
            return set;
        }
        var said = context.proceed(URL);
        var url = usable(said);
        if (said == null || url == null) {
            return set;
        }
        if (name.equals(URL)) {
            return said.withValue(url.withoutSettings());
        }
        String fromUrl = url.settings().get(name.substring(REACTIVE.length()));
        if (fromUrl != null) {
            return ConfigValue.builder()
                    .withName(name)
                    .withValue(fromUrl)
                    .withConfigSourceName(DatabaseUrl.NAME)
                    .withConfigSourceOrdinal(Integer.MAX_VALUE)
                    .build();
        }
        // The client has no default for it, and refuses to connect without.
        boolean needed = name.equals(HOST_NAME_CHECK) && !isSaid(set) && isVerifyFull(context);
        return needed ? ConfigValue.builder().withName(name).withValue("HTTPS").build() : set;
    }

    /** A wrong one is left as it is: whoever asks for a setting is not the one to tell of it, but {@link Pools} is. */
    private static @Nullable DatabaseUrl usable(@Nullable ConfigValue said) {
        try {
            return read(said);
        } catch (ConfigurationException wrong) {
            return null;
        }
    }

    private static @Nullable DatabaseUrl read(@Nullable ConfigValue said) {
        return said == null || said.getValue() == null || said.getValue().isBlank()
                ? null
                : DatabaseUrl.of(said.getValue());
    }

    private static boolean isVerifyFull(ConfigSourceInterceptorContext context) {
        var mode = ofFirst(context, SSL_MODE, context.proceed(SSL_MODE));
        return mode != null
                && mode.getValue() != null
                && mode.getValue().toLowerCase(Locale.ROOT).replace('_', '-').equals("verify-full");
    }

    /** Maps and lists are made of the names that there are: of a pool of which none is known, nothing would be asked. */
    @Override
    public Iterator<String> iterateNames(ConfigSourceInterceptorContext context) {
        Set<String> names = new LinkedHashSet<>();
        context.iterateNames().forEachRemaining(names::add);
        var pools = FURTHER.stream()
                .filter(pool -> names.contains(FIRST + pool + ".db-kind"))
                .toList();
        for (String name : List.copyOf(names)) {
            if (name.startsWith(REACTIVE) || CREDENTIALS.contains(name)) {
                pools.forEach(pool -> names.add(FIRST + pool + "." + name.substring(FIRST.length())));
            }
        }
        return names.iterator();
    }
}
