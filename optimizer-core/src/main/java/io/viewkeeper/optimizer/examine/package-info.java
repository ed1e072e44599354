// SPDX-License-Identifier: Apache-2.0
/**
 * The library's door: {@link io.viewkeeper.optimizer.survey.Surveyor} says what a database executes,
 * {@link io.viewkeeper.optimizer.examine.Examiner} explains one statement of it and finds what is wrong with its plan. Nothing is
 * written.
 */
@NullMarked
package io.viewkeeper.optimizer.examine;

import org.jspecify.annotations.NullMarked;
