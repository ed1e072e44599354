// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScrapeFormatTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "none | TEXT",
                "'' | TEXT",
                "*/* | TEXT",
                "text/* | TEXT",
                "text/plain | TEXT",
                "text/plain; version=0.0.4 | TEXT",
                "text/plain;version=1.0.0;escaping=allow-utf-8 | TEXT",
                "text/html,application/xhtml+xml,*/*;q=0.8 | TEXT",
                "application/json | TEXT",
                "application/openmetrics-text | OPEN_METRICS",
                "Application/OpenMetrics-Text; Version=1.0.0 | OPEN_METRICS",
                "application/openmetrics-text; version=\"1.0.0\"; charset=utf-8 | OPEN_METRICS",
                "application/openmetrics-text; version=2.0.0 | TEXT",
                "application/openmetrics-text; version=2.0.0, text/plain;q=0.1 | TEXT",
                "application/openmetrics-text;q=0 | TEXT",
                "application/openmetrics-text;q=0, */* | TEXT",
                "text/plain;q=0, */*;q=0.1 | OPEN_METRICS",
                "*/*, application/openmetrics-text;version=1.0.0 | OPEN_METRICS",
                "text/plain;q=0.9, application/openmetrics-text;q=0.8 | TEXT",
                "application/openmetrics-text, text/plain | OPEN_METRICS",
                "text/plain, application/openmetrics-text | TEXT",
                // Prometheus before 2.5, 2.42, 2.50 and 3.
                "text/plain;version=0.0.4;q=1,*/*;q=0.1 | TEXT",
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1 | OPEN_METRICS",
                "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2 | OPEN_METRICS",
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1 | OPEN_METRICS",
            })
    void theFormatIsTheOneThatIsPreferred(String accept, ScrapeFormat format) {
        assertThat(ScrapeFormat.preferredBy(accept)).isEqualTo(format);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "none | false",
                "gzip | true",
                "GZIP;q=1.0, identity; q=0.5 | true",
                "deflate, gzip;q=0.3 | true",
                "x-gzip | true",
                "gzip;q=0 | false",
                "gzip; q=0.0 | false",
                "identity | false",
                "br | false",
            })
    void compressesForThoseWhoAskForIt(String acceptEncoding, boolean compressed) {
        assertThat(ScrapeRoute.acceptsGzip(acceptEncoding)).isEqualTo(compressed);
    }

    @Test
    void whatHasNoValueIsNotShownAndNothingTwice() {
        assertThat(ScrapeRoute.known("""
                        # HELP a help
                        # TYPE a gauge
                        a{b="NaN",} 1.0
                        a{b="c d",} NaN
                        a{b="e",} 2.0
                        a{b="e",} 3.0
                        # EOF
                        """)).isEqualTo("""
                        # HELP a help
                        # TYPE a gauge
                        a{b="NaN",} 1.0
                        a{b="e",} 2.0
                        """);
    }
}
