using DeviceId.Notebooks;

return await CommandLine.RunAsync(args);
