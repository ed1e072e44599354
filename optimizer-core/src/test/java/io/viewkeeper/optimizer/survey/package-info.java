// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.viewkeeper.optimizer.survey;

import org.jspecify.annotations.NullMarked;
