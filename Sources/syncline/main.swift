import SynclineCLI

await Syncline.main()
