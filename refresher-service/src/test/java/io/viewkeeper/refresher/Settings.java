// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.viewkeeper.refresher.schedule.ScheduleConfig;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.spi.Converter;

/** Settings as a user writes them. */
public final class Settings {
    private final Map<String, String> properties = new HashMap<>();

    public Settings group(String group, String views) {
        return group(group, views, "1h");
    }

    public Settings group(String group, String views, String interval) {
        return with("groups." + group + ".views", views).with("groups." + group + ".interval", interval);
    }

    public Settings with(String name, String value) {
        properties.put("viewkeeper.refresh." + name, value);
        return this;
    }

    public ScheduleConfig config() {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withConverters(new Converter<?>[] {new DurationConverter()})
                .withSources(new PropertiesConfigSource(properties, "test", 500))
                .withMapping(ScheduleConfig.class)
                .build()
                .getConfigMapping(ScheduleConfig.class);
    }
}
