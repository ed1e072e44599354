// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleTest {
    @Test
    void aPercentileIsANumberThatWasMeasured() {
        var hundred = new Sample(
                IntStream.rangeClosed(1, 100).mapToObj(i -> 101.0 - i).toList());

        assertThat(hundred.median()).isEqualTo(50);
        assertThat(hundred.percentile(99)).isEqualTo(99);
        assertThat(hundred.percentile(100)).isEqualTo(100);
        assertThat(new Sample(List.of(7.0)).percentile(99)).isEqualTo(7);
    }

    @Test
    void ofNothingThereIsNoMedian() {
        assertThatThrownBy(() -> new Sample(List.of())).hasMessage("Nothing was measured");
    }
}
