// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.scrape;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The formats that Prometheus can be answered in. */
public enum ScrapeFormat {
    /** Whoever asks for nothing, or for nothing that we have, gets this. */
    TEXT("text/plain", "0.0.4", Pattern.compile("|0\\.0\\.4|1\\.0\\.0")),
    OPEN_METRICS("application/openmetrics-text", "1.0.0", Pattern.compile("|0\\.0\\.1|1\\.0\\.0"));

    private static final Pattern PARAMETER = Pattern.compile(";\\s*([a-z]+)\\s*=\\s*\"?([^\";,\\s]*)\"?");
    private static final Pattern QUALITY = Pattern.compile("0(?:\\.\\d*)?|1(?:\\.0*)?");

    private final String mediaType;
    private final String version;
    private final Pattern compatibleVersions;

    ScrapeFormat(String mediaType, String version, Pattern compatibleVersions) {
        this.mediaType = mediaType;
        this.version = version;
        this.compatibleVersions = compatibleVersions;
    }

    /** What an answer in it says that it is. */
    public String contentType() {
        return mediaType + "; version=" + version + "; charset=utf-8";
    }

    /** The one that a header {@code Accept} prefers. */
    static ScrapeFormat preferredBy(@Nullable String accept) {
        var ranges = accept == null ? List.<Range>of() : Range.of(accept);
        return Stream.of(values())
                .flatMap(format -> format.offer(ranges).stream())
                .filter(offer -> offer.range().quality() > 0)
                .min(Comparator.comparingDouble((Offer offer) -> -offer.range().quality())
                        .thenComparingInt(offer -> -offer.precision())
                        .thenComparingInt(offer -> offer.range().place()))
                .map(Offer::format)
                .orElse(TEXT);
    }

    /** By the range that says most about this format. */
    private Optional<Offer> offer(List<Range> ranges) {
        return ranges.stream()
                .map(range -> new Offer(this, range, precision(range)))
                .filter(offer -> offer.precision() >= 0)
                .max(Comparator.comparingInt(Offer::precision)
                        .thenComparingDouble(offer -> offer.range().quality()));
    }

    private int precision(Range range) {
        if (range.type().equals(mediaType)) {
            return compatibleVersions.matcher(range.version()).matches() ? 2 : -1;
        }
        if (range.type().equals(mediaType.replaceFirst("/.*", "/*"))) {
            return 1;
        }
        return range.type().equals("*/*") ? 0 : -1;
    }

    private record Offer(ScrapeFormat format, Range range, int precision) {}

    /** @param version empty where none is asked for */
    private record Range(String type, String version, double quality, int place) {
        static List<Range> of(String accept) {
            String[] ranges = accept.toLowerCase(Locale.ROOT).split(",", -1);
            return IntStream.range(0, ranges.length)
                    .mapToObj(place -> of(ranges[place].strip(), place))
                    .toList();
        }

        private static Range of(String range, int place) {
            String version = "";
            double quality = 1;
            Matcher parameter = PARAMETER.matcher(range);
            while (parameter.find()) {
                String value = parameter.group(2);
                switch (parameter.group(1)) {
                    case "version" -> version = value;
                    case "q" -> quality = QUALITY.matcher(value).matches() ? Double.parseDouble(value) : 1;
                    default -> {
                        // Charset and the escaping of names: ours are ASCII.
                    }
                }
            }
            return new Range(range.replaceFirst("\\s*;.*", ""), version, quality, place);
        }
    }
}
