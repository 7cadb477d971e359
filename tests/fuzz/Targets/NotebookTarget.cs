using System.Text;
using DeviceId.Notebooks.Engine;
using DeviceId.Notebooks.Format;
using DeviceId.Notebooks.Report;

namespace DeviceId.Fuzz;

/// <summary>Notebooks: they are read, their directives and parameters parsed, their outputs rendered, and written again.</summary>
internal sealed class NotebookTarget() : FuzzTarget("notebook", typeof(NotebookException))
{
    public override IEnumerable<byte[]> Seeds()
    {
        yield return Encoding.UTF8.GetBytes(
            """{"nbformat":4,"cells":["""
            + """{"cell_type":"code","id":"a","metadata":"""
            + """{"tags":["parameters"]},"source":["var a = 1;\n","string b = \"x\";"],"execution_count":1,"outputs":"""
            + """[{"output_type":"stream","name":"stdout","text":"t"},"""
            + """{"output_type":"error","ename":"e","evalue":"v","traceback":["l"]},"""
            + """{"output_type":"display_data","data":{"text/html":["<b>"],"application/json":{"a":[1]}}}]}],"metadata":{}}""");
        yield return Encoding.UTF8.GetBytes(
            """{"nbformat":4,"x":{},"cells":[{"cell_type":"raw","source":"r","metadata":{"raw_mimetype":"text/html"},"y":1},"""
            + """{"cell_type":"markdown","source":"# T","metadata":{},"attachments":{"a.png":{"image/png":"AA=="}}},"""
            + """{"cell_type":"code","source":"#!import \"setup.dib\"\n#r \"nuget: A, 1\"\n#!markdown\n# x\n#!csharp\n1"}]}""");
    }

    protected override void Read(byte[] input) => WithFile("n.ipynb", input, path =>
    {
        var notebook = NotebookFile.Read(path);
        _ = ParameterOverrides.Declared(notebook);
        var copy = Path.Combine(Scratch.Folder, "copy.ipynb");
        notebook.Write(copy);
        Require(NotebookFile.Read(copy).Cells.Count == notebook.Cells.Count, "cells were lost in writing");
        foreach (var cell in notebook.CodeCells)
        {
            foreach (var output in cell.Outputs)
                _ = OutputHtml.Render(output);
            _ = Directives.Parse(cell.Source);
        }
    });
}
