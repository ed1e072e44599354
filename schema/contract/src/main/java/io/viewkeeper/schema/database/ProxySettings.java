// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.database;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Behind a proxy that pools transactions ({@code use-layer7-proxy}) no session is ours: what a pool would set of each at its
 * start, which the proxy refuses, becomes a setting of each transaction (see {@link TransactionSettings}), and no statement
 * stays prepared.
 */
// Before PoolSettings: what is asked here has been shared out by then.
@Priority(Priorities.LIBRARY + 650)
public final class ProxySettings implements ConfigSourceInterceptor {
    private static final long serialVersionUID = 1;

    /** Followed by the pool and the name of the setting. */
    static final String TRANSACTION = "viewkeeper.transaction.";

    static final String DEFAULT_POOL = "default";

    private static final String PROPERTIES = "reactive.additional-properties.";
    private static final Pattern OF_POOL =
            Pattern.compile("quarkus\\.datasource\\.(?:(?<pool>\\w+|\"\\w+\")\\.)??(?<rest>reactive\\..+)");

    /** A proxy knows the first and those who set the second find out whether it does. */
    private static final Set<String> OF_A_SESSION = Set.of("application_name", "options");

    @Override
    public @Nullable ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        if (name.startsWith(TRANSACTION)) {
            var raw = raw(name);
            var set = raw == null || !isProxied(context, raw) ? null : context.proceed(raw);
            return set == null ? null : set.withName(name);
        }
        Matcher ofPool = OF_POOL.matcher(name);
        if (!ofPool.matches()) {
            return context.proceed(name);
        }
        String rest = ofPool.group("rest");
        if (isOfSession(rest) && isProxied(context, name)) {
            return null;
        }
        if (rest.equals("reactive.cache-prepared-statements") && isProxied(context, name)) {
            return ConfigValue.builder()
                    .withName(name)
                    .withValue("false")
                    .withConfigSourceName(ProxySettings.class.getName())
                    .withConfigSourceOrdinal(Integer.MAX_VALUE)
                    .build();
        }
        return context.proceed(name);
    }

    /** Which setting of a pool it is made of. */
    private static @Nullable String raw(String name) {
        int dot = name.indexOf('.', TRANSACTION.length());
        if (dot < 0) {
            return null;
        }
        String pool = name.substring(TRANSACTION.length(), dot);
        return "quarkus.datasource." + (pool.equals(DEFAULT_POOL) ? "" : pool + ".") + PROPERTIES
                + name.substring(dot + 1);
    }

    private static boolean isOfSession(String rest) {
        return rest.startsWith(PROPERTIES)
                && !OF_A_SESSION.contains(rest.substring(PROPERTIES.length()).toLowerCase(Locale.ROOT));
    }

    private static boolean isProxied(ConfigSourceInterceptorContext context, String name) {
        var set =
                context.proceed(name.substring(0, name.indexOf("reactive.")) + "reactive.postgresql.use-layer7-proxy");
        return set != null && Boolean.parseBoolean(set.getValue());
    }

    @Override
    public Iterator<String> iterateNames(ConfigSourceInterceptorContext context) {
        Set<String> names = new LinkedHashSet<>();
        context.iterateNames().forEachRemaining(name -> names.add(moved(context, name)));
        return names.iterator();
    }

    private static String moved(ConfigSourceInterceptorContext context, String name) {
        Matcher ofPool = OF_POOL.matcher(name);
        if (!ofPool.matches() || !isOfSession(ofPool.group("rest")) || !isProxied(context, name)) {
            return name;
        }
        String pool = ofPool.group("pool");
        return TRANSACTION + (pool == null ? DEFAULT_POOL : pool.replace("\"", "")) + "."
                + ofPool.group("rest").substring(PROPERTIES.length());
    }
}
