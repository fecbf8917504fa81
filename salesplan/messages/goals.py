"""Messages of goals: calendar, seasonality, coefficients, the cascade of targets, SMART, strategies
and the people behind a goal.
"""

from __future__ import annotations

from salesplan.messages import E, Message, N, W

_CALENDAR = {
    "calendar-estimated": Message(
        N, "{year} 年的官方日历尚未公布, 工作日为推定(周一至周五扣除固定节假日)。",
        "The official calendar of {year} is not published yet: working days are estimated (weekdays less fixed holidays).",
        "公布后更新程序, 或在 日历 表中填写放假与调休日期。", "Update salesplan once it is published, or enter the days on the Calendar sheet.",
    ),
    "calendar-country-unknown": Message(
        W, "没有国家 {country} 的日历, 按周一至周五计算工作日。", "No calendar for country {country}; working days are Monday to Friday.",
        "在 设置 中填写国家代码, 如 CN、US、DE。", "Enter a country code such as CN, US or DE on the Settings sheet.",
    ),
    "ramp-up-outside": Message(
        W, "“{unit}” 的爬坡% {share} 不在 0% 至 100% 之间。", "The ramp-up {share} of “{unit}” is not between 0% and 100%.",
        "填 0% 至 100%; 要多承担, 请改贡献系数或加成%。", "Enter 0% to 100%; to ask for more, raise the coefficient or the hedge.",
    ),
    "ramp-up-without-joined": Message(
        W, "“{unit}” 填了爬坡% 但没有入职日, 爬坡未生效。", "“{unit}” has a ramp-up but no joining date, so the ramp-up has no effect.",
        "填写入职日, 或清空爬坡%。", "Enter the joining date, or clear the ramp-up.",
    ),
}  # fmt: skip

_SEASON = {
    "season-weight-negative": Message(
        E, "指标“{kpi}”的手工比重有负数, 未采用手工比重。", "A manual weight of “{kpi}” is negative; its manual weights are not used.",
        "改为 0 或正数。", "Enter 0 or more.",
    ),
    "season-not-used": Message(
        N, "指标“{kpi}”是{kind}, 不按月分摊, 季节系数没有用到。", "“{kpi}” is a {kind} KPI: its annual target is not spread over months, so its seasonality is not used.",
        "可以删去这些行; 各月的水平在 目标分解 的手工月目标中填写。", "Remove the rows; enter monthly levels as manual months on the Targets sheet.",
    ),
    "season-weights-over": Message(
        E, "指标“{kpi}”已填的手工比重合计 {total}%, 超过 100%, 其余月份无可分配, 未采用手工比重。",
        "The manual weights of “{kpi}” add up to {total}%; that leaves nothing for the other months, so they are not used.",
        "调低已填的比重, 或填满十二个月。", "Lower the weights, or enter all twelve.",
    ),
    "season-weights-zero": Message(
        E, "指标“{kpi}”的十二个手工比重全部为 0, 未采用手工比重。", "All twelve manual weights of “{kpi}” are 0; they are not used.",
        "填写各月比重, 或清空该列。", "Enter the weights, or clear the column.",
    ),
    "season-weights-scaled": Message(
        W, "指标“{kpi}”的手工比重合计 {total}%, 已按比例折算为 100%。", "The manual weights of “{kpi}” add up to {total}%; they are scaled to 100%.",
        "把十二个月的比重改为合计 100%。", "Make the twelve weights add up to 100%.",
    ),
    "season-year-incomplete": Message(
        W, "指标“{kpi}”{year} 年的实绩缺 {missing} 个月, 该年未计入季节系数。", "The history of “{kpi}” lacks {missing:# month|# months} of {year}; that year is left out of its seasonality.",
        "补齐该年各月实绩; 没有销售的月份填 0。", "Fill in the missing months; enter 0 where nothing was sold.",
    ),
    "season-few-years": Message(
        W, "指标“{kpi}”只有 {years} 年完整实绩, 不足三年, 季节系数仅供参考。", "“{kpi}” has only {years:# full year|# full years} of history (three needed): its seasonality is uncertain.",
        "补充前三年实绩, 或填写手工比重。", "Add three years of figures, or enter manual weights.",
    ),
    "season-history-unusable": Message(
        W, "指标“{kpi}”的历史实绩合计不是正数(或某月为负), 无法得出比重, 改按工作日分月。",
        "The history of “{kpi}” adds up to zero or less (or a month is negative), so months go by working days.",
        "核对历史实绩, 或填写手工比重。", "Check the history, or enter manual weights.",
    ),
    "season-by-working-days": Message(
        N, "指标“{kpi}”没有完整一年的历史实绩, 年度目标按各月工作日分月。", "“{kpi}” has no full year of history: its annual target is spread by working days.",
        "如有淡旺季, 在 实绩 表补上往年各月, 或在 季节系数 表填写前三年实绩或手工比重。",
        "If the business is seasonal, add earlier years to the actuals, or enter history or manual weights on the Seasonality sheet.",
    ),
    "season-spring-festival": Message(
        N, "{count} 个指标({kpis})的 1、2 月按春节调整: 两月合计保持历史比重, 再按历史上每个工作日的产出 × 计划年度工作日拆分。",
        "January and February of {count:# KPI|# KPIs} ({kpis}) are adjusted for the Spring Festival: together they keep their weight, split by historical output per working day × the plan year's working days.",
        "不需要时, 在 设置 中把 春节调整 设为 否。", "Set Spring Festival shift to No in Settings to switch it off.",
    ),
    "history-differs": Message(
        W, "指标“{kpi}”{month} 的历史: 实绩 表合计 {actual}, 季节系数 表填 {typed}(该年共 {months} 个月不同), 采用 实绩。",
        "History of “{kpi}”, {month}: the actuals add up to {actual}, the Seasonality sheet says {typed} ({months:# month of that year differs|# months of that year differ}). The actuals are used.",
        "改正其中之一, 或清空 季节系数 的该列。", "Correct one of them, or clear that column on the Seasonality sheet.",
    ),
}  # fmt: skip

_COEFFICIENTS = {
    "coefficient-coverage": Message(
        W, "“{unit}”下级的贡献系数合计 {coverage}%, 不是 100%。", "The coefficients below “{unit}” add up to {coverage}%, not 100%.",
        "把同级的贡献系数改为合计 100%; 若有意留出或超额分配, 可保持不变。", "Make them add up to 100%, or leave them if intended.",
    ),
    "target-rate-not-summed": Message(
        N, "“{unit}”的“{kpi}”未设目标: 比率不能由下级相加, 而其分子、分母指标没有(全部)下级的目标。",
        "“{kpi}” of “{unit}” has no target: rates cannot be added up, and not every unit below has targets for the numerator and denominator KPIs.",
        "填写该单元的手工目标; 或在 指标 表填写分子、分母指标, 并给它们设目标。",
        "Enter a manual target for the unit, or give the numerator and denominator KPIs targets.",
    ),
    "target-rate-quarter": Message(
        E, "“{unit}”指标“{kpi}”手工 {quarter} 为 {rate}, 但三个手工月目标以 {other} 收尾, 未计算。",
        "{quarter} of “{kpi}” for “{unit}” is {rate}, but its three manual months end at {other}; not calculated.",
        "改正其中之一, 或留空一个月。", "Correct one of them, or leave a month blank.",
    ),
    "target-rate-year": Message(
        E, "“{unit}”指标“{kpi}”的四个手工季度目标得不出手工年度目标 {other}({quarter} 为 {rate}), 未计算。",
        "The four manual quarters of “{kpi}” for “{unit}” cannot average to the manual year of {other} ({quarter} is {rate}); not calculated.",
        "改正季度或年度目标, 或留空其一。", "Correct a quarter or the year, or leave one blank.",
    ),
    "target-rates-differ": Message(
        W, "“{unit}”指标“{kpi}”的下级目标按 {by} 的基数加权为 {weighted}, 本级目标是 {target}。",
        "Unit targets for “{kpi}” below “{unit}” roll up to {weighted} (weighted by {by}) against its own {target}.",
        "调整下级的手工目标, 使加权结果等于上级目标; 若有意如此, 可保持不变。", "Adjust the manual targets below it, or leave them if intended.",
    ),
    "coefficient-all-blank": Message(
        N, "“{unit}”的 {count} 个下级都没有贡献系数, 按平均分配。", "None of the {count:# unit|# units} below “{unit}” has a coefficient; they share equally.",
        "需要不同比例时, 在 组织 表填写贡献系数。", "Enter coefficients on the Organization sheet if shares differ.",
    ),
    "coefficient-nothing-left": Message(
        W, "“{unit}”下已填的贡献系数已达 100%, {units} 没有填写, 分到 0。", "The coefficients below “{unit}” already add up to 100%; {units}, left blank, get 0.",
        "给它们填写系数, 并相应调低其他单元。", "Enter coefficients for them and lower the others.",
    ),
    "coefficient-blank-over": Message(
        E, "“{unit}”下已填的贡献系数合计 {total}%, 超过 100%, 留空的单元无法分配, 该组未计算。",
        "The coefficients below “{unit}” add up to {total}%: nothing is left for the blank ones, so the group is not calculated.",
        "调低已填的系数, 或给留空的单元填写系数。", "Lower the coefficients, or fill in the blank ones.",
    ),
    "coefficient-negative": Message(
        E, "“{unit}”的贡献系数是负数, 同级未计算。", "The coefficient of “{unit}” is negative; its group is not calculated.",
        "改为 0 或正数。", "Enter 0 or more.",
    ),
    "last-year-unknown": Message(
        W, "“{parent}”下级的“{kpi}”要按上年占比分配 ({units}), 但没有可用的上年实绩, 改用贡献系数 (都没填的平均分)。",
        "{kpi} below “{parent}” is to be split by last year ({units}), but last year has no usable actuals; coefficients are used, equal shares where there are none.",
        "在 实绩 表补上年数据, 或改用其他分配方式。", "Add last year's actuals, or choose another split.",
    ),
    "last-year-negative": Message(
        W, "“{parent}”下级的“{kpi}”不能按上年占比分配: {units} 上年低于 0 (最低 {low}), 这一组改用贡献系数 (都没填的平均分)。",
        "{kpi} below “{parent}” cannot be split by last year: last year of {units} is below 0 (lowest {low}), so the group uses coefficients, equal shares where there are none.",
        "填写贡献系数或手工目标, 或改用其他分配方式。", "Enter coefficients or manual targets, or choose another split.",
    ),
    "cascade-no-company": Message(
        E, "组织表中没有公司(没有上级编码的单元), 无法分解目标。", "The Organization sheet has no company (a unit without a parent), so no target can be broken down.",
        "把公司一行的上级编码留空。", "Leave the parent code of the company's row blank.",
    ),
    "cascade-several-companies": Message(
        E, "有多个没有上级的单元: {units}, 不知道哪个是公司, 无法分解目标。", "Several units have no parent: {units}. It is unclear which is the company, so no target is broken down.",
        "给公司以外的单元填写上级编码, 或只把一个单元的层级设为 公司。", "Give every unit but the company a parent code, or set the level Company for one only.",
    ),
}  # fmt: skip

_TARGETS = {
    "kpi-smallest-unit": Message(
        E, "指标“{kpi}”的最小单位必须大于 0, 该指标未分解。", "The smallest unit of “{kpi}” must be above 0; the KPI is not broken down.",
        "如个数填 1, 金额填 0.01。", "Enter 1 for counts or 0.01 for money, for example.",
    ),
    "target-not-multiple": Message(
        E, "指标“{kpi}”的 {value} 不是最小单位 {smallest} 的整数倍, 未分解。", "{value} of “{kpi}” is not a multiple of its smallest unit {smallest}; not broken down.",
        "调整该数值, 或改小指标的最小单位。", "Change the value, or use a smaller smallest unit.",
    ),
    "target-no-base": Message(
        E, "指标“{kpi}”的目标是提升量, 但没有基期值, 未分解。", "The target of “{kpi}” is an improvement but has no base value; not broken down.",
        "在 指标 表填写基期值, 或把目标口径改为 水平。", "Enter the base value, or set the target basis to Level.",
    ),
    "target-company-differs": Message(
        W, "指标“{kpi}”的公司年度目标为 {target}, 但目标分解表中公司固定为 {value}, 按 {value} 分解。",
        "The company target of “{kpi}” is {target}, but its row on the Targets sheet says {value}; {value} is broken down.",
        "让两处一致, 或清空公司行的手工目标与锁定。", "Make both the same, or clear the manual value and lock of the company's row.",
    ),
    "target-company-months-differ": Message(
        E, "指标“{kpi}”公司的十二个月合计 {value}, 与年度目标 {target} 不符, 该指标未分解。",
        "The company's twelve months of “{kpi}” add up to {value}, not to the annual target {target}; the KPI is not broken down.",
        "调整手工月目标使其等于年度目标, 或留空其中一个月。", "Make the manual months match the year, or leave one blank.",
    ),
    "target-months-differ": Message(
        E, "“{unit}”指标“{kpi}”的十二个手工月目标合计 {total}, 与手工年度目标 {year} 不符, 同级未计算。",
        "The twelve manual months of “{kpi}” for “{unit}” add up to {total}, not to the manual year {year}; its group is not calculated.",
        "改正其中之一, 或留空一个月。", "Correct one of them, or leave a month blank.",
    ),
    "target-last-month-differs": Message(
        E, "“{unit}”指标“{kpi}”是存量, 最后一个月的手工目标 {total} 与手工年度目标 {year} 不符, 同级未计算。",
        "“{kpi}” is a level: the last manual month of “{unit}” is {total}, not the manual year {year}; its group is not calculated.",
        "让最后一个月等于年度目标, 或留空其一。", "Make them the same, or leave one blank.",
    ),
    "target-quarter-months": Message(
        E, "“{unit}”指标“{kpi}”手工 {quarter} 填了 {whole}, 但三个手工月目标合计 {total}, 同级未计算。",
        "{quarter} of “{kpi}” for “{unit}” is {whole}, but its three manual months add up to {total}; its group is not calculated.",
        "改正其中之一, 或留空一个月。", "Correct one of them, or leave a month blank.",
    ),
    "target-quarter-last": Message(
        E, "“{unit}”指标“{kpi}”是存量, 手工 {quarter} 填了 {whole}, 但季末月的手工目标是 {total}, 同级未计算。",
        "“{kpi}” is a level: {quarter} of “{unit}” is {whole}, but the manual target of its last month is {total}; its group is not calculated.",
        "让季末月等于季度目标, 或留空其一。", "Make them the same, or leave one blank.",
    ),
    "target-quarter-rest": Message(
        E, "“{unit}”指标“{kpi}”手工 {quarter} 为 {whole}, 已填的手工月目标合计 {total}, 其余月份会成为反号, 同级未计算。",
        "{quarter} of “{kpi}” for “{unit}” is {whole}, but its manual months already make {total}: the other months would get the opposite sign. Its group is not calculated.",
        "调高季度目标, 或调低其中的月目标。", "Raise the quarter, or lower its months.",
    ),
    "target-quarters-year": Message(
        E, "“{unit}”指标“{kpi}”的各季目标合起来是 {total}, 与年度目标 {whole} 不符, 同级未计算。",
        "The quarters of “{kpi}” for “{unit}” add up to {total}, not to the year's {whole}; its group is not calculated.",
        "改正季度或年度目标, 或留空一个季度。", "Correct a quarter or the year, or leave a quarter blank.",
    ),
    "target-year-rest": Message(
        E, "“{unit}”指标“{kpi}”年度目标为 {whole}, 已填的季度与月目标合计 {total}, 其余各季会成为反号, 同级未计算。",
        "The year of “{kpi}” for “{unit}” is {whole}, but the quarters and months entered already make {total}: the other quarters would get the opposite sign. Its group is not calculated.",
        "调高年度目标, 或调低季度目标。", "Raise the year, or lower the quarters.",
    ),
    "target-months-beyond-year": Message(
        W, "“{unit}”指标“{kpi}”已填的手工月目标合计 {total}, 超过年度 {year}, 其余月份成为反号。",
        "The manual months of “{kpi}” for “{unit}” add up to {total}, beyond the year's {year}: the other months get the opposite sign.",
        "核对手工月目标与年度目标。", "Check the manual months and the year.",
    ),
    "target-manual-missing": Message(
        E, "“{unit}”指标“{kpi}”的分配方式为手工, 但没有手工目标, 同级未计算。", "“{unit}” splits “{kpi}” manually but has no manual target; its group is not calculated.",
        "填写手工年度目标或手工月目标, 或改用其他分配方式。", "Enter a manual year or months, or choose another split.",
    ),
    "target-lock-empty": Message(
        W, "“{unit}”指标“{kpi}”已锁定, 但还没有可锁定的数值, 本次照常计算, 从下次起锁定。",
        "“{kpi}” of “{unit}” is locked but has no value yet; it is calculated as usual and locked from the next run.",
        "如需锁定特定数值, 填写手工年度目标。", "To lock a specific value, enter it as the manual year.",
    ),
    "target-lock-months-ignored": Message(
        W, "“{unit}”指标“{kpi}”锁定的各月合计与手工年度目标不符, 保留手工年度目标, 各月重新分配。",
        "The locked months of “{kpi}” for “{unit}” do not match the manual year; the manual year is kept and its months are respread.",
        "清空手工年度目标, 或解除按月锁定。", "Clear the manual year, or unlock the months.",
    ),
    "target-lock-rehedged": Message(
        W, "“{unit}”指标“{kpi}”按月锁定后加成有变, 保留基准年度目标, 下达目标随加成变化。",
        "The hedge of “{unit}” for “{kpi}” changed after its months were locked: the base year is kept, the issued months follow the hedge.",
        "核对加成, 或解除锁定后重新计算。", "Check the hedge, or unlock and recalculate.",
    ),
    "target-locked-above-parent": Message(
        E, "“{parent}”指标“{kpi}”: 下级固定的目标合计 {amount}, 超过上级, 余额 {slack}(最大的是“{unit}”)。",
        "“{kpi}” of “{parent}”: fixed targets below it add up to {amount}, more than its own; slack {slack} (largest: “{unit}”).",
        "调低手工或锁定的目标, 或提高上级目标。", "Lower a manual or locked target, or raise the parent's.",
    ),
    "target-no-one-left": Message(
        E, "“{parent}”指标“{kpi}”: 下级固定的目标合计 {amount}, 余下 {slack} 没有可承担的下级, 列为未分配。",
        "“{kpi}” of “{parent}”: fixed targets below it add up to {amount}, and no unit is left to take the remaining {slack}; it stays unassigned.",
        "解除一个下级的锁定, 或调整手工目标使合计等于上级。", "Unlock a unit below it, or make the manual targets add up to the parent's.",
    ),
    "target-locked-above-month": Message(
        E, "“{parent}”指标“{kpi}”{month}: 下级固定的目标合计 {amount}, 超过上级当月, 余额 {slack}(最大的是“{unit}”)。",
        "“{kpi}” of “{parent}”, {month}: fixed targets below it add up to {amount}, more than its own; slack {slack} (largest: “{unit}”).",
        "调低该月的手工或锁定目标, 或提高上级当月目标。", "Lower a manual or locked target of that month, or raise the parent's.",
    ),
    "target-no-one-left-month": Message(
        E, "“{parent}”指标“{kpi}”{month}: 下级固定的目标合计 {amount}, 余下 {slack} 没有可承担的下级, 列为未分配。",
        "“{kpi}” of “{parent}”, {month}: fixed targets below it add up to {amount}, and no unit is left to take the remaining {slack}; it stays unassigned.",
        "解除一个下级的锁定, 或调整该月的手工目标。", "Unlock a unit below it, or change that month's manual targets.",
    ),
    "target-typed-above-parent": Message(
        W, "“{parent}”指标“{kpi}”: 下级手工目标合计 {amount}, 超过上级, 差额 {slack}(最大的是“{unit}”)。手工目标均保留, 其他下级为 0。",
        "“{kpi}” of “{parent}”: manual targets below it add up to {amount}, {slack} different from its own (largest: “{unit}”). They are kept; the other units get 0.",
        "提高上级目标, 或调低手工目标; 有意超额分配时可保持不变。", "Raise the parent's target or lower the manual ones; leave them if the over-assignment is intended.",
    ),
    "target-typed-short": Message(
        W, "“{parent}”指标“{kpi}”: 下级手工目标合计 {amount}, 余下 {slack} 没有可承担的下级, 列为差额。",
        "“{kpi}” of “{parent}”: manual targets below it add up to {amount}, and no other unit is left to take the remaining {slack}; it is shown as unassigned.",
        "清空一个下级的手工目标, 或让手工目标合计等于上级。", "Clear one of the manual targets, or make them add up to the parent's.",
    ),
    "target-typed-above-month": Message(
        W, "“{parent}”指标“{kpi}”{month}: 下级手工目标合计 {amount}, 超过上级同期, 差额 {slack}(最大的是“{unit}”)。手工目标均保留。",
        "“{kpi}” of “{parent}”, {month}: manual targets below it add up to {amount}, {slack} different from its own (largest: “{unit}”). They are kept.",
        "调低该期的手工目标, 或提高上级同期目标。", "Lower the manual targets there, or raise the parent's.",
    ),
    "target-typed-short-month": Message(
        W, "“{parent}”指标“{kpi}”{month}: 下级手工目标合计 {amount}, 余下 {slack} 没有可承担的下级, 列为差额。",
        "“{kpi}” of “{parent}”, {month}: manual targets below it add up to {amount}, and no other unit is left to take the remaining {slack}; it is shown as unassigned.",
        "清空一个下级在该期的手工目标, 或让合计等于上级。", "Clear one of the manual targets there, or make them add up to the parent's.",
    ),
    "target-typed-absent": Message(
        W, "“{unit}”指标“{kpi}”填了手工目标 {value}, 但 {span} 其不在岗; 手工目标仍保留。",
        "“{unit}” has a manual “{kpi}” target of {value} but is absent in {span}. The target is kept.",
        "清空该手工目标, 转给接手的人, 或核对入职日与离职日。", "Clear it, give it to whoever takes over, or check the joining and leaving dates.",
    ),
    "target-product-differs": Message(
        E, "“{unit}”指标“{kpi}”产品 {product}: 手工目标 {value} 与其中各月合计 {total} 不符。",
        "“{kpi}” of “{unit}”, product {product}: the manual target {value} is not what its months add up to, {total}.",
        "改正其中一个, 或清空。", "Correct one of them, or clear it.",
    ),
    "target-product-over-unit": Message(
        E, "“{unit}”指标“{kpi}”: 各产品手工目标超过该单元的目标 {amount}, 其他产品为负。",
        "“{kpi}” of “{unit}”: the products' manual targets exceed the unit's own by {amount}; Other is below zero.",
        "调低产品目标, 或提高该单元的目标。", "Lower the product targets, or raise the unit's.",
    ),
    "target-product-over-parent": Message(
        W, "“{parent}”指标“{kpi}”产品 {product}: 下级手工目标超过上级该产品的目标 {amount}, 列为差额。",
        "“{kpi}” of “{parent}”, product {product}: manual targets below it exceed its own by {amount}; shown as unassigned.",
        "提高上级的产品目标, 或调低下级的。", "Raise the product's target above, or lower those below.",
    ),
    "target-product-short": Message(
        W, "“{parent}”指标“{kpi}”产品 {product}: 下级都填了手工目标, 合计比上级该产品的目标少 {amount}, 列为差额。",
        "“{kpi}” of “{parent}”, product {product}: all below it have manual targets, which leave {amount} of its own to nobody; shown as unassigned.",
        "提高下级的产品目标, 或调低上级的。", "Raise the product's targets below, or lower the one above.",
    ),
    "target-product-slack": Message(
        W, "“{parent}”指标“{kpi}”按产品分月: 各月与各产品都相等, 但全年差 {slack}(任何取整至少差 {bound}): {cells}。",
        "“{kpi}” of “{parent}” by product: months and products add up, years are {slack} off (no rounding is below {bound}): {cells}.",
        "接受这一差额, 或调整其中一个手工目标。", "Accept the difference, or change one of the manual targets.",
    ),
    "target-product-kind": Message(
        E, "指标“{kpi}”不是流量, 不能按产品设目标; {product} 的这一行没有计入。",
        "“{kpi}” is no flow and has no targets by product; the row of {product} is not counted.",
        "清空 产品, 或为该产品另设一个指标; 比率的分子、分母指标是流量的, 可在它们上面按产品设目标。",
        "Clear Product, or make a KPI of its own for it; of a rate, set them for its numerator and denominator where these are flows.",
    ),
    "target-product-rest": Message(
        E, "其他 是各产品分完以后余下的, 不能手工填。",
        "Other is what the products leave; nothing can be typed for it.",
        "清空这一行的手工目标, 或写明产品。", "Clear the row's manual target, or name the product.",
    ),
    "target-product-unknown": Message(
        W, "产品“{product}”在实绩中没有出现过(最接近: {near})。",
        "No actual names the product “{product}” (nearest: {near}).",
        "核对产品名称; 新产品可不理会。", "Check the name; ignore it for a new product.",
    ),
    "target-overlay-doubles": Message(
        W, "“{unit}”的贡献系数为 0, 却有“{kpi}”的手工目标: 它占去“{parent}”的目标, 其他下级相应减少; 若与他们做的是同一笔业绩, 上级会算两次。",
        "“{unit}” has coefficient 0 but a manual “{kpi}” target: it takes part of the target of “{parent}” from the other units, and any deal they share counts twice above.",
        "与别人分同一笔业绩的支持单元, 在组织表的 叠加 列填 是; 确有自己的业绩时, 填写贡献系数。", "Enter yes in the Overlay column of the Organization sheet for a unit that shares others' deals; give it a coefficient if it brings in business of its own.",
    ),
    "target-typed-unfit": Message(
        W, "“{parent}”指标“{kpi}”: 下级的手工目标在其在岗月份内放不下, 各月与上级有差额(最大的是“{unit}”)。",
        "“{kpi}” of “{parent}”: manual targets below it do not fit the months these units are present; months differ from the parent's (largest: “{unit}”).",
        "调低手工目标, 或核对入职日与离职日。", "Lower the manual targets, or check the joining and leaving dates.",
    ),
    "target-vacant": Message(
        N, "“{unit}”的 {who} 不是全年在岗: 全年有 {amounts} 无人承担 (未分配)。",
        "Not there all year in “{unit}”: {who}. Nobody has {amounts} of the year (unassigned).",
        "离岗的, 由同组的人接手: 在变更记录中把其贡献系数从接手的月份起改为 0 (系数填了数的, 同时提高其他人的); 入职前的、有意空缺的不用改。",
        "Who has left: if the others take it over, change the coefficient to 0 on Changes from that month on (and raise the "
        "others' where they are typed). Before somebody joins, or where a vacancy is meant, there is nothing to do.",
    ),
    "target-months-unfit": Message(
        E, "“{parent}”指标“{kpi}”: 下级固定的年度目标在其在岗月份内放不下, 各月无法与上级相等(最大的是“{unit}”)。",
        "“{kpi}” of “{parent}”: fixed annual targets below it do not fit the months these units are present; months cannot add up to the parent's (largest: “{unit}”).",
        "调低固定的年度目标, 或核对入职日与离职日。", "Lower the fixed annual targets, or check the joining and leaving dates.",
    ),
}  # fmt: skip

_REMARKS = {
    "target-overlay": Message(N, "叠加, 不计入上级", "overlay, added to no parent"),
    "target-weighted": Message(N, "下级加权 {weighted}", "weighted roll-up: {weighted}"),
    "target-covered": Message(N, "覆盖率 {coverage}%", "coverage {coverage}%"),
    "target-unassigned": Message(N, "未分配 {amount}", "unassigned {amount}"),
    "target-overassigned": Message(N, "超分配 {amount}", "over-assigned {amount}"),
    "target-absent-joined": Message(N, "{unit} 自 {day} 在岗", "{unit} from {day}"),
    "target-absent-left": Message(N, "{unit} 至 {day} 离岗", "{unit} until {day}"),
    "target-ramping-up": Message(N, "{unit} 爬坡中", "{unit} ramping up"),
    "target-absent-more": Message(
        N, "另有 {count} 人不满全年", "{count:# more|# more} not present all year"
    ),
    "target-equal-shares": Message(
        N, "{count} 个下级平均分配", "{count:one unit takes all|# units share equally}"
    ),
    "target-blank-shared": Message(
        N, "{units} 均分余下 {left}%", "{units} share the remaining {left}% equally"
    ),
    "target-partial": Message(
        N,
        "部分: {units} 未设目标或不全",
        "partial: {units} with no or incomplete targets",
    ),
    "target-months-blank": Message(
        N, "部分: {count} 个月未设目标", "partial: {count:# month|# months} without a target"
    ),
    "target-manual": Message(N, "手工", "manual"),
    "target-locked": Message(N, "锁定", "locked"),
    "target-hedge-unknown": Message(
        N, "加成有误, 下达目标未计算", "hedge invalid, issued target not calculated"
    ),
    "target-blocked": Message(
        N,
        "未计算: “{parent}”的下级分配有误",
        "not calculated: the split below “{parent}” has an error",
    ),
    "target-kept": Message(N, "锁定, 未重新计算", "locked, not recalculated"),
}

_DERIVATION = {
    "why-company": Message(N, "公司年度目标 {value}", "company annual target {value}"),
    "why-product-share": Message(
        N,
        "“{parent}”该产品目标 {target}, 按本单元目标的份额, 得 {value}",
        "by the unit's part of the product target {target} of “{parent}”: {value}",
    ),
    "why-product-rest": Message(
        N, "没有写明的产品合计 {value}", "what is left for products not named: {value}"
    ),
    "why-product-last-year": Message(
        N, "未填, 按上年产品占比, 得 {value}", "blank, by last year's product mix: {value}"
    ),
    "why-product-beside": Message(
        N,
        "未填, 按“{parent}”各产品目标的占比, 得 {value}",
        "blank, by the product targets of “{parent}”: {value}",
    ),
    "why-product-equal": Message(
        N,
        "未填, 也没有上年实绩, 与其他未填的产品均分余下, 得 {value}",
        "blank, no actuals last year: an equal share of the rest, {value}",
    ),
    "why-overlay-share": Message(
        N,
        "叠加: “{parent}”目标 {target} 的 {share}%, 即 {value}, 不从别人那里分出",
        "overlay: {share}% of the target {target} of “{parent}”, {value}, taken from nobody",
    ),
    "why-improvement": Message(
        N,
        "基期值 {base}, 提升 {rise}, 应达到 {value}",
        "base value {base} plus improvement {rise}: {value}",
    ),
    "why-season-history": Message(
        N, "各月按 {years} 年实绩的季节比重", "months by seasonality of {years:# year|# years}"
    ),
    "why-season-spring": Message(
        N,
        "1、2 月按春节调整: 历史上每个工作日的产出 × 计划年度工作日",
        "January and February adjusted for the Spring Festival: historical output per working day × the plan year's working days",
    ),
    "why-season-manual": Message(N, "各月按手工比重", "months by manual weights"),
    "why-season-days": Message(N, "各月按工作日", "months by working days"),
    "why-coefficient": Message(
        N,
        "“{parent}” {target} × 系数 {share}% = {value}",
        "“{parent}” {target} × coefficient {share}% = {value}",
    ),
    "why-equal": Message(
        N,
        "“{parent}” {target} × 平均 {share}% = {value}",
        "“{parent}” {target} × equal share {share}% = {value}",
    ),
    "why-last-year": Message(
        N,
        "“{parent}” {target} × 上年占比 {share}% = {value}",
        "“{parent}” {target} × last year's share {share}% = {value}",
    ),
    "why-rest": Message(
        N,
        "同级已固定 {held}, 余下 {rest} 按系数分给其他单元",
        "{held} fixed for siblings; the remaining {rest} is shared by coefficient",
    ),
    "why-presence": Message(N, "各月在岗比例 {months}", "presence by month {months}"),
    "why-typed-parts": Message(
        N,
        "其中 {spans} 为手工目标, 其余按系数, 全年 {value}",
        "of which {spans} are manual, the rest by coefficient: {value} for the year",
    ),
    "why-rounded": Message(
        N, "按最大余数取整为 {value}", "rounded to whole units by largest remainder: {value}"
    ),
    "why-manual": Message(N, "手工目标 {value}", "manual target {value}"),
    "why-said": Message(N, "调整原因: {reason}", "reason given: {reason}"),
    "why-below": Message(N, "下级目标相加为 {value}", "sum of the targets below it: {value}"),
    "why-locked": Message(N, "锁定为 {value}", "locked at {value}"),
    "why-hedge": Message(
        N,
        "基准 {base} 加成 {hedge}%, 下达 {value}",
        "base {base} plus hedge {hedge}%: issued {value}",
    ),
    "why-rate-below": Message(
        N,
        "下级分子目标之和 ÷ 分母目标之和 = {value}",
        "Σ numerator targets below ÷ Σ denominator targets = {value}",
    ),
    "why-copied": Message(N, "沿用“{unit}”的水平 {value}", "same level as “{unit}”: {value}"),
    "why-milestone": Message(N, "里程碑: 完成为 1", "milestone: 1 when done"),
}

_SMART = {
    "smart-no-unit": Message(W, "S 缺少单位", "S: no unit", "填写单位, 如 万元、个、%。", "Enter the unit, such as customers or %."),
    "smart-no-target": Message(W, "M 缺少公司年度目标", "M: no company annual target", "填写公司年度目标。", "Enter the company's annual target."),
    "smart-no-base": Message(W, "M 提升量缺少基期值", "M: improvement without a base value", "填写基期值。", "Enter the base value."),
    "smart-beyond-stretch": Message(W, "A 目标 {target} 超出挑战 {stretch}", "A: target {target} beyond the stretch goal {stretch}", "调整目标或挑战值。", "Change the target or the stretch goal."),
    "smart-below-floor": Message(W, "A 目标 {target} 未到保底 {floor}", "A: target {target} below the floor {floor}", "调整目标或保底值。", "Change the target or the floor."),
    "smart-floor-beyond-stretch": Message(W, "A 保底 {floor} 超出挑战 {stretch}", "A: floor {floor} beyond the stretch goal {stretch}", "调整保底或挑战值。", "Change the floor or the stretch goal."),
    "smart-beyond-capacity": Message(W, "A 目标 {target} 超出按产能可达的 {reach}", "A: target {target} beyond the {reach} that capacity allows", "增加人员、调整目标, 或说明怎样提高人均产能。", "Add people, change the target, or say how output per head will rise."),
    "smart-beyond-season": Message(W, "A {month} 占全年 {share}, 历史平均 {usual}", "A: {month} has {share} of the year, {usual} in the past", "按历史调整各月目标, 或说明这个月为什么不同。", "Spread the months as in the past, or say why this month differs."),
    "smart-beyond-growth": Message(W, "A 要增长 {growth}, 三年最高 {best}", "A: asks for {growth}, the best of three years was {best}", "调整目标, 或说明增长从哪里来。", "Change the target, or say where the growth comes from."),
    "smart-specific": Message(N, "S 单位{unit}", "S: in {unit}"),
    "smart-done-or-not": Message(N, "S 完成即达成", "S: done or not"),
    "smart-measured": Message(N, "M {target}", "M: {target}"),
    "smart-improved": Message(N, "M 由 {base} 提高 {target}", "M: up {target} from {base}"),
    "smart-within-capacity": Message(N, "A 产能可达 {reach}", "A: capacity {reach}"),
    "smart-within-growth": Message(N, "A 比上年 {growth}", "A: {growth} on last year"),
    "smart-from-base": Message(N, "A 基期 {base}", "A: base {base}"),
    "smart-in-order": Message(N, "A 在保底与挑战之间", "A: between floor and stretch"),
    "smart-without-history": Message(N, "A 没有历史可比", "A: no history to compare"),
    "smart-relevant": Message(N, "R 有依据", "R: reason given"),
    "smart-timed": Message(N, "T {day}", "T: {day}"),
    "smart-why-capacity": Message(N, "产能: 最好的三个月({since}–{until})平均每月 {mean}; 余下 {left} 个月按在岗 {presence} 计, 加上已有实绩可达 {reach}, 目标 {target}。", "Capacity: the best three months ({since} to {until}) brought {mean} a month; at {presence} of those people, the {left} months left and the actuals come to {reach} against a target of {target}."),
    "smart-why-season": Message(N, "季节: 高出历史最多的是 {month}, 占全年 {share}, 历史平均 {usual}。", "Season: furthest above the past is {month} with {share} of the year, {usual} on average."),
    "smart-why-growth": Message(N, "上年: 目标比上年 {last} 变动 {growth}; 上年比前年 {grown}, 三年中最好 {best}。", "Last year: the target is {growth} on {last}; last year made {grown}, the best of three years {best}."),
    "smart-why-relevant": Message(N, "R {relevance}", "R: {relevance}"),
    "smart-no-relevance": Message(W, "R 缺少依据", "R: no reason given", "在 依据 列写明为什么定这个目标。", "Say why this target is set."),
    "smart-no-due": Message(W, "T 缺少截止日", "T: no due date", "填写截止日。", "Enter the due date."),
    "smart-due-outside": Message(W, "T 截止日 {day} 不在计划年度内", "T: due {day}, outside the plan year", "改为计划年度内的日期。", "Choose a date within the plan year."),
}  # fmt: skip

_STRATEGIES = {
    "strategy-nothing-due": Message(
        N,
        "暂不评估: 到数据截止日没有应完成的任务进度",
        "Not assessed yet: no task progress is due by the data cut-off",
    ),
    "strategy-no-live-task": Message(
        N, "无法评估: 没有进行中的任务", "Cannot be assessed: no active task"
    ),
    "strategy-no-kpi": Message(N, "无法评估: 没有关联指标", "Cannot be assessed: no linked KPI"),
    "strategy-part-without-target": Message(
        N,
        "无法评估: {part} 没有自己的目标",
        "Cannot be assessed: {part} has no target of its own",
        "在策略中填写目标占比, 或给该区域的组织单元设目标。",
        "Enter a target share for the strategy, or targets for the units of the region.",
    ),
    "strategy-no-rate": Message(
        N,
        "无法评估: 关联指标没有可用的目标或实绩",
        "Cannot be assessed: the linked KPI has no usable target or actual",
    ),
    "strategy-filter-unmatched": Message(
        W,
        "策略 {strategy} 筛选的“{name}”在“{kpi}”的实绩中没有出现过, 实际占比和完成率算不出来。",
        "Strategy {strategy} filters by “{name}”, which never appears in the actuals of {kpi}; its share and attainment cannot be worked out.",
        "把名称改成与实绩表完全一致; 实绩表没有填写的, 补上“{name}”。",
        "Use the exact name in the actuals, or fill in “{name}” where it is missing there.",
    ),
    "strategy-customer-unmatched": Message(
        N,
        "策略 {strategy} 的客户类型“{name}”: “{kpi}”的实绩中没有同名客户, 客户表中也没有这个类型, 所以算不出这一部分。",
        "Strategy {strategy} filters by “{name}”, but no customer in the actuals of {kpi} has that name and no customer on Customers that type, so this part cannot be worked out.",
        "在客户表填写各客户的类型, 或改填一个客户的名称, 或改用产品、区域、渠道筛选。",
        "Enter the customers' types on Customers, or one customer's name, or filter by product, region or channel.",
    ),
    "strategy-customers-unsorted": Message(
        N,
        "“{kpi}”的实绩有些客户没有填写, 或在客户表中没有策略 {strategy} 要筛选的内容(“{name}”), 其实际占比可能偏低。",
        "Some actuals of {kpi} name no customer, or one without what strategy {strategy} filters by (“{name}”) on Customers; its actual share may be too low.",
        "在实绩中填写客户, 并在客户表补齐类型和行业。",
        "Fill in the customers in Actuals, and their types and industries on Customers.",
    ),
    "strategy-rows-unnamed": Message(
        N,
        "“{kpi}”的实绩有些行没有注明策略 {strategy} 要筛选的内容(“{name}”), 其实际占比可能偏低。",
        "Some actuals of {kpi} are blank where strategy {strategy} filters (“{name}”); its actual share may be too low.",
        "在实绩表补齐这些行的产品、区域、客户或渠道。",
        "Fill in product, region, customer or channel in those rows of the actuals.",
    ),
    "budget-line-shared": Message(
        N,
        "预算 {line} 由多条策略的任务共用({strategies}), 其支出没有计入任何一条策略。",
        "Budget line {line} serves tasks of several strategies ({strategies}); its spending is counted for none of them.",
        "在预算表这一行填写任务编号, 或按策略拆成多行。",
        "Enter one task in this budget line, or split it by strategy.",
    ),
    "capacity-beyond-best": Message(
        W,
        "“{kpi}”余下的目标超出人员产能: {count} 个组织单元({units})需要的人均月产能明显高于达到过的最好水平。最紧的是{worst}: 需要 {needed}, 最好水平 {best}, 高 {above}, 按往常产能还差 {short} 人。",
        "The remaining {kpi} target exceeds team capacity in {count:# unit|# units} ({units}). Tightest: {worst} needs {needed} per head and month, {above} above its best of {best}; at the usual output it is {short:# person|# people} short.",
        "增加人员、调整目标或在单元之间转移目标; 入职、离职和爬坡请先在组织表核对。",
        "Add people, change the target, or move targets between units; first check joining and leaving dates and ramp-up on the Organization sheet.",
    ),
    "capacity-last-year-gaps": Message(
        N,
        "“{kpi}”的上年在这些月份没有实绩行: {months} ({count} 个组织单元: {units})。它们的人均月产能因此按本年推算, 不按上年。",
        "Last year's {kpi} has no rows of {months} for {count:# unit|# units} ({units}), so their output per head is taken from this year, not last year.",
        "如果当月确实没有发生, 在 实绩 表补一行 0; 否则补上实绩。",
        "If nothing came in, add a row with 0 for the month on the Actuals sheet; else add the actuals.",
    ),
}

MESSAGES: dict[str, Message] = {
    **_CALENDAR,
    **_SEASON,
    **_COEFFICIENTS,
    **_TARGETS,
    **_REMARKS,
    **_DERIVATION,
    **_SMART,
    **_STRATEGIES,
}
