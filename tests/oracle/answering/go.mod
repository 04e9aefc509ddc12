module gitops.test/answering

go 1.26.0
