// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.exposition;

import io.smallrye.config.ConfigMapping;

/** See application.properties for what each does. */
@ConfigMapping(prefix = "viewkeeper.metrics.series")
interface SeriesSettings {
    int maxOfViews();
}
