{{- define "random.drawn" -}}
{{ randAlphaNum (int .Values.length) }}
{{- end }}
