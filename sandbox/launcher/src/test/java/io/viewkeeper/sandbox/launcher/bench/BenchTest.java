// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewkeeper.sandbox.claims.Measurement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {
    private static final List<Measurement> MEASUREMENTS = List.of(
            Measurement.of("look, database; baseline: all texts", 489.04, "ms", 661),
            Measurement.of("drained", 6012, "events/s"),
            Measurement.of("missing", 0, "series", 0));

    @TempDir
    private Path folder;

    @Test
    void theTableHasOneLineForEachMeasurement() {
        assertThat(String.join("\n", Bench.table(MEASUREMENTS))).isEqualTo("""
                measure                                     value  unit               baseline       ratio
                look, database; baseline: all texts           489  ms                      661        1.35
                drained                                     6,012  events/s
                missing                                      0.00  series                 0.00""");
    }

    @Test
    void theFileIsAListOfMeasureValueUnitBaselineAndRatio() throws IOException {
        var file = Bench.write(MEASUREMENTS, folder.resolve("bench"), "refresh");

        assertThat(file).hasFileName("refresh.json");
        assertThat(new ObjectMapper().readTree(file.toFile())).isEqualTo(new ObjectMapper().readTree("""
                [{"measure": "look, database; baseline: all texts", "value": 489.04, "unit": "ms", "baseline": 661.0,
                  "ratio": 1.3516276787174873},
                 {"measure": "drained", "value": 6012.0, "unit": "events/s", "baseline": null, "ratio": null},
                 {"measure": "missing", "value": 0.0, "unit": "series", "baseline": 0.0, "ratio": null}]"""));
    }
}
