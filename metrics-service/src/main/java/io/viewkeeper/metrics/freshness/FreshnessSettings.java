// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.freshness;

import io.smallrye.config.ConfigMapping;
import java.time.Duration;

/** See application.properties for what each does. */
@ConfigMapping(prefix = "viewkeeper.metrics.freshness")
interface FreshnessSettings {
    Duration reconcileInterval();

    Duration successWindow();

    int maxViews();

    Duration standbyLag();
}
