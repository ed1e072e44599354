// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.usage;

import io.smallrye.config.ConfigMapping;
import java.time.Duration;

/** See application.properties for what each does. */
@ConfigMapping(prefix = "viewkeeper.metrics.usage")
interface UsageSettings {
    Duration interval();

    Duration window();

    Duration unreadAfter();

    Duration textsPatience();
}
