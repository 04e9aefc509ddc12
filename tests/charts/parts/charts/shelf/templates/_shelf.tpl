{{- define "shelf.name" -}}{{ .Release.Name }}-shelf{{- end }}
