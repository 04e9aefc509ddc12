"""The functions and aggregations of PromQL and MetricsQL.

Source: prometheus/promql/parser v3.8, functions.go and lex.go, and functions that it had before;
VictoriaMetrics/metricsql v0.84, transform.go, rollup.go, aggr.go, and the default templates of
parser.go (`ru`, `ttf`, `alias` and others).
"""

_OF_BOTH = """
abs absent absent_over_time acos acosh asin asinh atan atanh avg_over_time ceil changes clamp
clamp_max clamp_min cos cosh count_over_time day_of_month day_of_week day_of_year days_in_month deg
delta deriv end exp first_over_time floor histogram_avg histogram_fraction histogram_quantile
histogram_quantiles histogram_stddev histogram_stdvar holt_winters hour idelta increase irate
label_join label_replace last_over_time ln log10 log2 mad_over_time max_over_time min_over_time
minute month pi predict_linear present_over_time quantile_over_time rad rate resets round scalar
sgn sin sinh sort sort_by_label sort_by_label_desc sort_desc sqrt start stddev_over_time
stdvar_over_time step sum_over_time tan tanh time timestamp vector year
"""

_OF_PROMETHEUS = """
double_exponential_smoothing histogram_count histogram_sum info integral range ts_of_first_over_time
ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time
"""

_OF_VICTORIA = """
aggr_over_time alias ascent_over_time bitmap_and bitmap_or bitmap_xor buckets_limit
changes_prometheus count_eq_over_time count_gt_over_time count_le_over_time count_ne_over_time
count_values_over_time decreases_over_time default_rollup delta_prometheus deriv_fast
descent_over_time distinct_over_time drop_common_labels drop_empty_series duration_over_time
geomean_over_time histogram_over_time histogram_share hoeffding_bound_lower hoeffding_bound_upper
ideriv increase_prometheus increase_pure increases_over_time integrate interpolate keep_last_value
keep_next_value label_copy label_del label_graphite_group label_keep label_lowercase label_map
label_match label_mismatch label_move label_set label_transform label_uppercase label_value
label_values labels_equal lag lifetime limit_offset median_over_time mode_over_time now
outlier_iqr_over_time prometheus_buckets quantiles_over_time rand rand_exponential rand_normal
range_avg range_first range_last range_linear_regression range_mad range_max range_median range_min
range_normalize range_over_time range_quantile range_stddev range_stdvar range_sum
range_trim_outliers range_trim_spikes range_trim_zscore range_zscore rate_over_sum rate_prometheus
remove_resets rollup rollup_candlestick rollup_delta rollup_deriv rollup_increase rollup_rate
rollup_scrape_interval ru running_avg running_max running_min running_sum scrape_interval
share_eq_over_time share_gt_over_time share_le_over_time smooth_exponential sort_by_label_numeric
sort_by_label_numeric_desc stale_samples_over_time sum2_over_time sum_eq_over_time
sum_gt_over_time sum_le_over_time sum_lt_over_time tfirst_over_time timestamp_with_name
timezone_offset tlast_change_over_time tlast_over_time tmax_over_time tmin_over_time ttf union
zscore_over_time
"""

_AGGREGATIONS = """
any avg bottomk bottomk_avg bottomk_last bottomk_max bottomk_median bottomk_min count count_values
distinct geomean group histogram limit_ratio limitk mad max median min mode outliers_iqr
outliers_mad outliersk quantile quantiles share stddev stdvar sum sum2 topk topk_avg topk_last
topk_max topk_median topk_min utilization zscore
"""

FUNCTIONS = frozenset((_OF_BOTH + _OF_PROMETHEUS + _OF_VICTORIA).split())
AGGREGATIONS = frozenset(_AGGREGATIONS.split())

KEEPING = frozenset(
    name
    for name in AGGREGATIONS
    if name in {"any", "limit_ratio", "limitk", "share", "zscore"}
    or name.startswith(("topk", "bottomk", "outliers"))
)
"""Aggregations that pick series, or change each, and leave their labels as they are."""

SCALARS = frozenset({"end", "now", "pi", "range", "scalar", "start", "step", "time"})
"""Functions that give a number without labels."""
